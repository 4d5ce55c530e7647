// A broker's session as coroutines see it: each operation can be awaited, and is sent again after a
// lost connection, for ever, as Kafka does it; so a create may meet its own node. Source:
// kafka-on-zookeeper 2.3.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "coordinator/base/coroutine/async.h"
#include "coordinator/client/client.h"

namespace rookery::broker_sim {

// Creates a client whose callbacks come on `executor`.
using MakeClient = absl::AnyInvocable<std::unique_ptr<client::Client>(client::Options options)>;

// The same options for another session: all but the observer, which cannot be copied.
client::Options CopyOf(const client::Options& options);

class Session {
 public:
  using Kind = client::WatchEvent::Kind;
  using Watch = std::function<void(const client::WatchEvent&)>;
  using Handler = std::function<void(Kind)>;

  explicit Session(std::unique_ptr<client::Client> client) : client_(std::move(client)) {}

  client::Client& client() { return *client_; }

  // Whoever has a handler for a path gets a watch with every read of it: exists and getData of the
  // node, getChildren of its children. One event calls it once. It is not told of a lost session.
  void OnNode(const std::string& path, Handler handler);
  void OnChildren(const std::string& path, Handler handler);
  void ForgetNode(const std::string& path) { handlers_->nodes.erase(path); }
  void ForgetHandlersBut(const std::set<std::string>& kept);

  Async<client::Result<model::CreateReply>> Create(std::string path, model::Data data,
                                                   int32_t flags = model::kPersistent);
  Async<client::Result<model::EmptyReply>> Delete(std::string path, int32_t version = -1);
  Async<client::Result<model::StatReply>> SetData(std::string path, model::Data data,
                                                  int32_t version);
  Async<client::Result<model::MultiReply>> Multi(model::MultiRequest request);
  // A watch that is given takes the place of the path's handler.
  Async<client::Result<model::StatReply>> Exists(std::string path, Watch watch = nullptr);
  Async<client::Result<model::DataReply>> GetData(std::string path, Watch watch = nullptr);
  Async<client::Result<model::ChildrenReply>> GetChildren(std::string path, Watch watch = nullptr);

  // Hears of every request before it is sent, as "getData /controller watch"; for comparisons.
  void Tap(std::function<void(std::string)> tap) { tap_ = std::move(tap); }

 private:
  struct Handled {
    Handler handler;
    // Two watches of one path (exists and getData) fire by one event: the second is of an earlier
    // generation.
    uint64_t generation = 0;
  };
  struct Handlers {
    std::map<std::string, Handled> nodes, children;
  };

  client::Watch WatchFor(bool children, const std::string& path, const Watch& given);
  void Note(absl::string_view opcode, absl::string_view path, bool watch = false);
  void NoteMulti(const model::MultiRequest& request);

  std::unique_ptr<client::Client> client_;
  std::shared_ptr<Handlers> handlers_ = std::make_shared<Handlers>();
  std::function<void(std::string)> tap_;
};

}  // namespace rookery::broker_sim
