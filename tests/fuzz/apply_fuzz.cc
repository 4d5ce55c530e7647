// Requests of ZooKeeper clients, decoded and applied. Two sessions in turns: nothing a client asks
// may end the server or leave a tree that does not add up. Input: requests as on the wire, each
// with its length in a byte.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <variant>

#include "coordinator/base/check.h"
#include "coordinator/store/memory/memory_disk.h"
#include "coordinator/store/node_codec.h"
#include "coordinator/wire/zookeeper/reply.h"
#include "coordinator/wire/zookeeper/request.h"
#include "tests/fuzz/fuzz_input.h"
#include "tests/fuzz/one_server.h"

namespace {

namespace fuzz = rookery::fuzz;
namespace machine = rookery::machine;
namespace model = rookery::model;
namespace store = rookery::store;
namespace wire = rookery::wire;

constexpr model::ServerId kServer = 1;
constexpr size_t kRequestsMax = 64;

class Clients {
 public:
  Clients() {
    ROOKERY_CHECK(server_.machine().Recover().ok());
    server_.StartLeader();
    server_.Apply({.body = wire::GrantIncarnation{kServer, 9}});
    for (model::SessionId& session : sessions_) session = Open();
  }

  void Send(size_t who, absl::string_view frame) {
    model::SessionId& session = sessions_[who % 2];
    const auto request = wire::DecodeRequest(frame);
    if (!request.has_value()) return;
    if (const auto* write = std::get_if<model::WriteOperation>(&request->body)) {
      Answer(request->xid, Write(session, *write).reply);
      if (server_.machine().FindSession(session) == nullptr) session = Open();
    } else if (const auto* read = std::get_if<model::ReadOperation>(&request->body)) {
      // These are answered in front of the machine.
      if (std::holds_alternative<model::SyncRequest>(*read) || model::NeedsConnection(*read))
        return;
      Answer(request->xid, server_.Read(*read, kSomebody));
    }
  }

  // The digest and the counts that Apply keeps are those of the nodes that are there.
  void ExpectSound() {
    uint64_t digest = 0, nodes = 0;
    int64_t children = 0;
    const absl::Status status = server_.Scan([&](absl::string_view path, const store::Node& node) {
      digest += store::NodeHash(path, node);
      children += node.num_children;
      ++nodes;
    });
    ROOKERY_CHECK(status.ok()) << status;
    ROOKERY_CHECK(nodes == server_.machine().node_count());
    ROOKERY_CHECK(children + 1 == static_cast<int64_t>(nodes));
    fuzz::OneServer again(disk_, server_.state_name());
    ROOKERY_CHECK(again.machine().Recover().ok());
    ROOKERY_CHECK(again.machine().digest() == server_.machine().digest());
    ROOKERY_CHECK(again.machine().ephemeral_count() == server_.machine().ephemeral_count());
  }

 private:
  inline static const model::Credentials kSomebody = {
      .identities = {{"digest", "user:hash"}, {"ip", "10.0.0.1"}}};

  machine::Outcome Write(model::SessionId session, model::WriteOperation operation) {
    model::WriteRequest request = {.session = session,
                                   .owner = {kServer, 1, 7},
                                   .credentials = kSomebody,
                                   .operation = std::move(operation)};
    auto outcomes = server_.Apply({.body = wire::Batch{{{.server = kServer,
                                                         .incarnation = 1,
                                                         .first_ticket = ++ticket_,
                                                         .requests = {std::move(request)}}}}});
    ROOKERY_CHECK(outcomes.size() == 1);
    ROOKERY_CHECK(outcomes[0].kind == machine::Outcome::Kind::kRequest);
    return std::move(outcomes[0]);
  }
  model::SessionId Open() {
    return Write(0, model::OpenSessionRequest{10'000, "0123456789abcdef"}).session;
  }
  static void Answer(int32_t xid, const model::Reply& reply) {
    std::string sent;
    wire::EncodeReply(xid, reply, &sent);
    const auto header = wire::DecodeReplyHeader(absl::string_view(sent).substr(4));
    ROOKERY_CHECK(header.ok() && header->xid == xid && header->error == reply.error);
  }

  std::shared_ptr<store::MemoryDisk> disk_ = std::make_shared<store::MemoryDisk>();
  fuzz::OneServer server_{disk_};
  uint64_t ticket_ = 0;
  model::SessionId sessions_[2] = {};
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  fuzz::FuzzInput input(fuzz::Bytes(data, size));
  Clients clients;
  for (size_t i = 0; i < kRequestsMax && !input.empty(); ++i) clients.Send(i, input.Text());
  clients.ExpectSound();
  return 0;
}
