// What must hold in a cluster at every moment, whatever is done to it: checked from what the
// coordinator shows, not from what the simulated brokers say of themselves.
//
//   one controller per epoch        an epoch is won in one write, by one broker
//   no write by a fenced one        no partition state of epoch e stands behind the election of e +
//   1 a leader is in sync             in every state that names a leader leader epochs only grow
//   per partition, as long as its topic lives
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "broker-sim/view/observer.h"

namespace rookery::broker_sim {

class Judge final : public ViewListener {
 public:
  // `next` hears everything too; may be null.
  explicit Judge(ViewListener* next) : next_(next == nullptr ? &nobody_ : next) {}

  // A broker claims to have won `epoch` by the write `zxid`.
  void OnElected(int32_t broker, int32_t epoch, int64_t zxid);

  void OnBroker(int32_t id, bool lives) override { next_->OnBroker(id, lives); }
  void OnController(std::optional<int32_t> id) override { next_->OnController(id); }
  void OnControllerEpoch(int32_t epoch, int64_t mzxid) override;
  void OnTopic(const std::string& topic, bool exists) override;
  void OnState(const std::string& topic, int32_t partition,
               const std::optional<kafka::PartitionState>& before,
               const kafka::PartitionState& state, int64_t mzxid) override;
  void OnConfig(const std::string& entity, const kafka::ConfigMap& config) override {
    next_->OnConfig(entity, config);
  }
  void OnAcl(const std::string& resource) override { next_->OnAcl(resource); }
  void OnUnreadable(const std::string& path, const absl::Status& why) override;

  // What was violated, each once, in words. Empty: nothing. An election may be seen after the write
  // of the epoch before it, so writes are compared with all elections known by now.
  struct Rule {
    std::string name;
    std::vector<std::string> violations;
    int64_t looked_at = 0;
  };
  std::vector<Rule> Rules() const;

 private:
  struct Write {
    std::string what;
    int32_t epoch = 0;
    int64_t zxid = 0;
  };

  ViewListener nobody_;
  ViewListener* const next_;
  std::map<int32_t, int64_t> elections_;  // epoch -> zxid
  std::map<int32_t, int32_t> winners_;    // epoch -> broker
  std::vector<Write> writes_;
  std::map<std::pair<std::string, int32_t>, int32_t> leader_epochs_;
  std::vector<std::string> two_controllers_, leader_not_in_sync_, epoch_went_back_, unreadable_;
  int64_t states_ = 0;
};

}  // namespace rookery::broker_sim
