#include "absl/strings/str_cat.h"
#include "coordinator/wire/zookeeper/handshake.h"
#include "coordinator/wire/zookeeper/reply.h"
#include "coordinator/wire/zookeeper/request.h"
#include "tests/fuzz/seeds/samples.h"
#include "tests/fuzz/seeds/seeds.h"

namespace rookery::fuzz {
namespace {

std::string WithoutLength(const std::string& frame) { return frame.substr(4); }

// As the target `apply` takes requests apart.
std::string WithLengthInByte(const std::string& frame) {
  return static_cast<char>(frame.size() - 4) + WithoutLength(frame);
}

template <typename Operation>
std::string RequestFrame(int32_t xid, const Operation& operation) {
  std::string frame;
  wire::EncodeRequest(xid, operation, &frame);
  return frame;
}

std::string WriteHandshakes(SeedWriter* out) {
  wire::ConnectRequest request = {
      .last_zxid_seen = 5, .timeout_ms = 10'000, .session = 77, .password = "0123456789abcdef"};
  std::string frame;
  wire::EncodeConnectRequest(request, &frame);
  out->Write("handshake", "request", WithoutLength(frame));
  request.has_read_only = false;
  std::string old_frame;
  wire::EncodeConnectRequest(request, &old_frame);
  out->Write("handshake", "request_without_read_only", WithoutLength(old_frame));
  const wire::ConnectResponse response = {
      .timeout_ms = 10'000, .session = 77, .password = "0123456789abcdef"};
  for (const bool with_read_only : {true, false}) {
    std::string answer;
    wire::EncodeConnectResponse(response, with_read_only, &answer);
    out->Write("handshake", with_read_only ? "response" : "response_without_read_only",
               WithoutLength(answer));
  }
  return frame;
}

void WriteRequests(SeedWriter* out, const std::string& handshake) {
  std::string stream = handshake;
  std::string script;
  int32_t xid = 0;
  for (const auto& [name, operation] : SampleWrites()) {
    const std::string frame = RequestFrame(++xid, operation);
    out->Write("request", name, WithoutLength(frame));
    out->Write("apply", name, WithLengthInByte(frame));
    stream += frame;
    script += WithLengthInByte(frame);
  }
  for (const auto& [name, operation] : SampleReads()) {
    const std::string frame = RequestFrame(++xid, operation);
    out->Write("request", name, WithoutLength(frame));
    stream += frame;
    script += WithLengthInByte(frame);
  }
  out->Write("request", "auth",
             WithoutLength(RequestFrame(wire::kAuthXid, wire::AuthRequest{"digest", "u:p"})));
  out->Write("request", "sasl", WithoutLength(RequestFrame(1, wire::SaslRequest{""})));
  out->Write("request", "unknown_opcode", absl::string_view("\0\0\0\1\0\0\1\0", 8));
  out->Write("request", "not_built", absl::string_view("\0\0\0\1\0\0\0\20", 8));
  out->Write("apply", "all", script);
  out->Write("zookeeper_frames", "all", absl::StrCat("\x10", stream));
  out->Write("zookeeper_frames", "word", absl::StrCat("\x01", "ruok\n"));
  out->Write("zookeeper_frames", "too_long", absl::string_view("\0\x7f\xff\xff\xff", 5));
}

void WriteReplies(SeedWriter* out) {
  const model::Stat stat = {.czxid = 1, .mzxid = 2, .version = 3, .num_children = 4};
  using Part = model::MultiReply::Part;
  const model::ReplyBody data = model::DataReply{"data", stat};
  // The first byte chooses the operation by its place in model/operations.h.
  const std::vector<std::tuple<std::string, int, model::ReplyBody>> replies = {
      {"create", 0, model::CreateReply{.path = "/a"}},
      {"create2", 13, model::CreateReply{.path = "/a", .stat = stat, .with_stat = true}},
      {"delete", 1, model::EmptyReply{}},
      {"exists", 2, model::StatReply{stat}},
      {"get_data", 3, data},
      {"get_acl", 5, model::AclReply{SampleAcl(), stat}},
      {"get_children", 7, model::ChildrenReply{.children = {"a", "b"}}},
      {"get_children2", 10,
       model::ChildrenReply{.children = {"a"}, .stat = stat, .with_stat = true}},
      {"sync", 8, model::SyncReply{"/"}},
      {"multi", 12,
       model::MultiReply{{{Part::Kind::kCreate, model::ErrorCode::kOk, model::CreateReply{"/a"}},
                          {Part::Kind::kSetData, model::ErrorCode::kOk, model::StatReply{stat}},
                          {Part::Kind::kDelete, model::ErrorCode::kOk, model::EmptyReply{}}}}},
      {"multi_failed", 12,
       model::MultiReply{{{Part::Kind::kError, model::ErrorCode::kNoNode, model::EmptyReply{}}}}},
  };
  for (const auto& [name, selector, body] : replies) {
    std::string frame;
    wire::EncodeReply(9, {.zxid = 11, .body = body}, &frame);
    out->Write("reply", name, static_cast<char>(selector) + WithoutLength(frame));
  }
  std::string event;
  wire::EncodeEvent({.type = model::EventType::kNodeDeleted, .path = "/a"}, &event);
  out->Write("reply", "event", static_cast<char>(0) + WithoutLength(event));
}

}  // namespace

void WriteZooKeeperSeeds(SeedWriter* out) {
  WriteRequests(out, WriteHandshakes(out));
  WriteReplies(out);
}

}  // namespace rookery::fuzz
