#include "coordinator/consensus/peer/peer_frame.h"

#include <type_traits>
#include <utility>

#include "coordinator/base/status_macros.h"
#include "coordinator/consensus/peer/frame.h"
#include "coordinator/consensus/peer/hello_proto.h"
#include "rookery/internal/v1/peer.pb.h"

namespace rookery::consensus {
namespace {

namespace pb = ::rookery::internal::v1;

void ToProto(const ServerLine& line, pb::ServerLine* out) {
  out->set_number(line.number);
  out->set_host(line.host);
  out->set_quorum_port(line.quorum_port);
  out->set_election_port(line.election_port);
  out->set_observer(line.observer);
  out->set_client_address(line.client_address);
}

absl::StatusOr<ServerLine> FromProto(const pb::ServerLine& in) {
  if (in.number() > 0xffff || in.quorum_port() > 0xffff || in.election_port() > 0xffff) {
    return absl::InvalidArgumentError("hello: a server line with a number or port out of range");
  }
  ServerLine line;
  line.number = in.number();
  line.host = in.host();
  line.quorum_port = static_cast<uint16_t>(in.quorum_port());
  line.election_port = static_cast<uint16_t>(in.election_port());
  line.observer = in.observer();
  line.client_address = in.client_address();
  return line;
}

}  // namespace

void HelloToProto(const Hello& hello, pb::Hello* out) {
  out->set_cluster_id(hello.cluster_id);
  out->set_engine_id(hello.engine_id);
  out->set_disk_id(hello.disk_id);
  out->set_boot_id(hello.boot_id);
  out->set_level(hello.level);
  out->set_state(static_cast<pb::FoundingState>(hello.state));
  ToProto(hello.line, out->mutable_line());
  for (const ServerLine& line : hello.lines) ToProto(line, out->add_lines());
  if (!hello.founding.founders.empty()) out->set_founding_list(EncodeFoundingList(hello.founding));
  out->set_origin(hello.origin);
}

absl::StatusOr<Hello> HelloFromProto(const pb::Hello& in) {
  if (in.boot_id() == 0 || in.disk_id() == 0) {
    return absl::InvalidArgumentError("hello: expected a boot id and a disk id, found none");
  }
  if (in.state() < pb::FOUNDING_STATE_EMPTY || in.state() > pb::FOUNDING_STATE_RUNNING) {
    return absl::InvalidArgumentError("hello: expected a founding state, found an unknown one");
  }
  if ((in.state() == pb::FOUNDING_STATE_EMPTY) != (in.cluster_id() == 0) ||
      (in.cluster_id() == 0) != (in.engine_id() == 0)) {
    return absl::InvalidArgumentError(
        "hello: expected cluster id and engine id of a founded server, or neither");
  }
  Hello hello;
  hello.cluster_id = in.cluster_id();
  hello.engine_id = in.engine_id();
  hello.disk_id = in.disk_id();
  hello.boot_id = in.boot_id();
  hello.level = in.level();
  hello.state = static_cast<FoundingState>(in.state());
  ROOKERY_ASSIGN_OR_RETURN(hello.line, FromProto(in.line()));
  for (const pb::ServerLine& each : in.lines()) {
    ROOKERY_ASSIGN_OR_RETURN(ServerLine line, FromProto(each));
    hello.lines.push_back(std::move(line));
  }
  if (!in.founding_list().empty()) {
    ROOKERY_ASSIGN_OR_RETURN(hello.founding, DecodeFoundingList(in.founding_list()));
  }
  hello.origin = in.origin();
  return hello;
}

namespace {

struct Encoder {
  pb::PeerFrame* out;
  void operator()(UnknownFrame&) {}
  void operator()(HelloFrame& frame) {
    HelloToProto(frame.hello, out->mutable_hello());
    out->mutable_hello()->set_wanted_engine_id(frame.wanted);
  }
  void operator()(HelloAnswerFrame& frame) {
    pb::HelloAnswer* answer = out->mutable_hello_answer();
    HelloToProto(frame.hello, answer->mutable_hello());
    answer->set_refusal(static_cast<pb::HelloRefusal>(frame.refusal));
    answer->set_text(frame.text);
    answer->set_member_list(frame.member_list);
  }
  void operator()(EngineFrame& frame) { out->set_engine_message(std::move(frame.bytes)); }
  void operator()(ApplicationFrame& frame) { out->set_application_message(std::move(frame.bytes)); }
  void operator()(PingFrame& frame) { out->set_ping(frame.number); }
  void operator()(PongFrame& frame) { out->set_pong(frame.number); }
  void operator()(GoodbyeFrame& frame) {
    out->mutable_goodbye()->set_reason(frame.reason);
    out->mutable_goodbye()->set_stopping(frame.stopping);
  }
};

absl::StatusOr<PeerFrame> DecodeAnswer(pb::HelloAnswer* in) {
  HelloAnswerFrame answer;
  ROOKERY_ASSIGN_OR_RETURN(answer.hello, HelloFromProto(in->hello()));
  // A refusal that only a newer server knows is a refusal all the same.
  answer.refusal = static_cast<HelloRefusal>(in->refusal());
  answer.text = std::move(*in->mutable_text());
  answer.member_list = std::move(*in->mutable_member_list());
  return answer;
}

}  // namespace

std::string EncodePeerFrame(PeerFrame frame) {
  pb::PeerFrame proto;
  std::visit(Encoder{&proto}, frame);
  std::string bytes;
  bytes.reserve(kFrameHeaderBytes + proto.ByteSizeLong());
  bytes.resize(kFrameHeaderBytes);
  proto.AppendToString(&bytes);
  SealFrame(&bytes);
  return bytes;
}

absl::StatusOr<PeerFrame> DecodePeerFrame(absl::string_view payload) {
  pb::PeerFrame proto;
  if (!proto.ParseFromArray(payload.data(), static_cast<int>(payload.size()))) {
    return absl::InvalidArgumentError("expected a peer frame, found bytes that are none");
  }
  switch (proto.body_case()) {
    case pb::PeerFrame::kHello: {
      HelloFrame frame;
      ROOKERY_ASSIGN_OR_RETURN(frame.hello, HelloFromProto(proto.hello()));
      frame.wanted = proto.hello().wanted_engine_id();
      return frame;
    }
    case pb::PeerFrame::kHelloAnswer:
      return DecodeAnswer(proto.mutable_hello_answer());
    case pb::PeerFrame::kEngineMessage:
      return EngineFrame{std::move(*proto.mutable_engine_message())};
    case pb::PeerFrame::kApplicationMessage:
      return ApplicationFrame{std::move(*proto.mutable_application_message())};
    case pb::PeerFrame::kPing:
      return PingFrame{proto.ping()};
    case pb::PeerFrame::kPong:
      return PongFrame{proto.pong()};
    case pb::PeerFrame::kGoodbye:
      return GoodbyeFrame{proto.goodbye().reason(), proto.goodbye().stopping()};
    case pb::PeerFrame::BODY_NOT_SET:
      break;
  }
  return UnknownFrame{};
}

}  // namespace rookery::consensus
