#include "broker-sim/ensemble/relay.h"

#include <string>
#include <utility>

namespace rookery::broker_sim {

// Two streams, each of which gets what the other sends.
class Relay::Pair {
 public:
  Pair(Relay* relay, std::unique_ptr<Stream> from, int who)
      : relay_(relay), who_(who), from_(std::move(from)), from_side_(this), to_side_(this) {
    from_->Start(&from_side_);
    Update();
  }
  ~Pair() { *alive_ = false; }

  bool ended() const { return ended_; }

  void Update() {
    if (ended_) return;
    passes_ = relay_->passes_(who_);
    Hold(from_.get());
    Hold(to_.get());
    if (passes_ && to_ == nullptr && !connecting_) Connect();
  }

 private:
  struct Side final : StreamHandler {
    explicit Side(Pair* pair) : pair(pair) {}
    void OnBytes(absl::string_view bytes) override { pair->Pass(this, bytes); }
    void OnClosed(absl::Status) override { pair->End(); }
    Pair* pair;
  };

  void Hold(Stream* stream) const {
    if (stream == nullptr) return;
    if (passes_) {
      stream->ResumeReading();
    } else {
      stream->PauseReading();
    }
  }

  void Connect() {
    constexpr int64_t kTimeoutUs = 5'000'000;
    connecting_ = true;
    relay_->network_->Connect(
        relay_->target_, kTimeoutUs,
        [this, alive = alive_](absl::StatusOr<std::unique_ptr<Stream>> stream) {
          if (!*alive || ended_) return;
          connecting_ = false;
          if (!stream.ok()) return End();
          to_ = *std::move(stream);
          to_->Start(&to_side_);
          if (!waiting_.empty()) to_->Write(std::exchange(waiting_, {}));
          Hold(to_.get());
        });
  }

  void Pass(Side* side, absl::string_view bytes) {
    if (side == &to_side_) {
      from_->Write(std::string(bytes));
    } else if (to_ != nullptr) {
      to_->Write(std::string(bytes));
    } else {
      waiting_.append(bytes.data(), bytes.size());
    }
  }

  // Not destroyed inside of its own callback.
  void End() {
    if (std::exchange(ended_, true)) return;
    if (from_ != nullptr) from_->Close();
    if (to_ != nullptr) to_->Close();
    relay_->executor_->Post([relay = relay_, alive = alive_] {
      if (*alive) relay->pairs_.remove_if([](const auto& pair) { return pair->ended(); });
    });
  }

  Relay* const relay_;
  const int who_;
  std::unique_ptr<Stream> from_, to_;
  Side from_side_, to_side_;
  std::string waiting_;  // for a connection to the target
  bool passes_ = false;
  bool connecting_ = false;
  bool ended_ = false;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

Relay::Relay(Executor* executor, Network* network, Address target, WhoIs who_is, Passes passes)
    : executor_(executor),
      network_(network),
      target_(std::move(target)),
      who_is_(std::move(who_is)),
      passes_(std::move(passes)) {}

Relay::~Relay() = default;

absl::Status Relay::Listen(const Address& address) {
  auto listener = network_->Listen(
      address, [this](std::unique_ptr<Stream> stream) { Accept(std::move(stream)); });
  if (!listener.ok()) return listener.status();
  listener_ = *std::move(listener);
  return absl::OkStatus();
}

void Relay::Accept(std::unique_ptr<Stream> stream) {
  const int who = who_is_(stream->Peer());
  pairs_.push_back(std::make_unique<Pair>(this, std::move(stream), who));
}

void Relay::Update() {
  for (const auto& pair : pairs_) pair->Update();
}

}  // namespace rookery::broker_sim
