#include "absl/strings/str_cat.h"
#include "coordinator/consensus/manifest.h"
#include "coordinator/consensus/peer/checkpoint_frame.h"
#include "coordinator/consensus/peer/frame.h"
#include "coordinator/consensus/peer/peer_frame.h"
#include "coordinator/proposal/peer_message.h"
#include "coordinator/wire/log_entry.h"
#include "tests/fuzz/seeds/samples.h"
#include "tests/fuzz/seeds/seeds.h"

namespace rookery::fuzz {
namespace {

using namespace consensus;  // NOLINT: of this file only

ServerLine Line(uint32_t number) {
  return {.number = number,
          .host = absl::StrCat("host", number),
          .quorum_port = 2888,
          .election_port = 3888,
          .client_address = "2181"};
}

FoundingList SampleFounding() { return {{{Line(1), 11}, {Line(2), 12}, {Line(3), 13}}}; }

Hello SampleHello() {
  return {.cluster_id = 5,
          .engine_id = 1,
          .disk_id = 11,
          .boot_id = 99,
          .level = 1,
          .state = FoundingState::kRunning,
          .line = Line(1),
          .lines = {Line(1), Line(2), Line(3)},
          .founding = SampleFounding()};
}

void WriteFrames(SeedWriter* out) {
  std::string stream;
  const auto add = [&](absl::string_view name, PeerFrame value) {
    const std::string frame = EncodePeerFrame(std::move(value));
    stream += frame;
    out->Write("peer_frames", name, absl::StrCat("\x21", frame.substr(kFrameHeaderBytes)));
  };
  add("hello", HelloFrame{SampleHello(), 2});
  add("hello_answer", HelloAnswerFrame{SampleHello(), HelloRefusal::kOtherDisk, "no",
                                       EncodeMemberList(FoundingMembers(SampleFounding()))});
  add("engine", EngineFrame{"engine"});
  add("application", ApplicationFrame{"application"});
  add("ping", PingFrame{7});
  add("pong", PongFrame{7});
  add("goodbye", GoodbyeFrame{"stopping", true});
  out->Write("peer_frames", "stream", absl::StrCat("\x10", stream));

  const auto checkpoint = [&](absl::string_view name, CheckpointFrame value) {
    const std::string payload = EncodeCheckpointFrame(std::move(value)).substr(kFrameHeaderBytes);
    out->Write("peer_frames", absl::StrCat("checkpoint_", name), absl::StrCat("\x21", payload));
    if (name == "manifest") out->Write("checkpoint_manifest", "files", payload);
  };
  checkpoint("request", CheckpointRequestFrame{SampleHello(), "checkpoint-7"});
  checkpoint("manifest", CheckpointManifestFrame{.files = {{"000001", 100, 1}, {"FORMAT", 16, 2}}});
  checkpoint("piece_request", PieceRequestFrame{1, 4096, 1024});
  checkpoint("piece", PieceFrame{1, 4096, "bytes"});
  checkpoint("end", CheckpointEndFrame{"gone"});
}

void WriteMembers(SeedWriter* out) {
  const MemberList list = FoundingMembers(SampleFounding());
  const Configuration joint = {.voters = {1, 2, 4},
                               .outgoing = {1, 2, 3},
                               .learners = {5},
                               .learners_next = {3},
                               .auto_leave = true};
  out->Write("members", "founding_list", EncodeFoundingList(SampleFounding()));
  out->Write("members", "member_list", EncodeMemberList(list));
  out->Write("members", "configuration", EncodeConfiguration({.voters = {1, 2}}));
  out->Write("members", "configuration_joint", EncodeConfiguration(joint));
  out->Write("members", "context", EncodeMemberContext(list.rows));
  MemberRow learner = list.rows[0];
  learner.engine_id = 4;
  learner.server_number = 4;
  learner.role = MemberRole::kLearner;
  out->Write("members", "context_learner", EncodeMemberContext({learner}));
  out->Write("checkpoint_manifest", "engine",
             EncodeManifest({.index = 1000,
                             .term = 3,
                             .configuration = joint,
                             .name = "checkpoint-7",
                             .digest = 0x1234567890abcdef}));
}

void WriteMessages(SeedWriter* out) {
  const auto add = [&](absl::string_view name, const proposal::PeerMessage& message) {
    out->Write("peer_message", name, proposal::EncodePeerMessage(message));
  };
  const std::string request = wire::EncodeWriteRequest(
      {.session = 77, .owner = {1, 2, 3}, .operation = SampleWrites()[0].second});
  add("forward", proposal::Forward{2, 40, 1, {request, request}});
  add("cursor", proposal::Cursor{3, 2, 1, 41, true});
  add("wish", proposal::Wish{wire::EncodeLogEntry({.body = wire::GrantIncarnation{1, 9}})});
  add("report", proposal::Report{5, 2, 0, {{77, 1000}, {78, 0}}});
  add("report_with_index", proposal::Report{5, 2, 300, {{77, 1000}, {78, 0}}});
  add("report_with_signs",
      proposal::Report{5, 2, 0, {{77, 1000}}, {{78, 2, 500}}, {{79, 1, 20}, {80, 3, 0}}});
  add("report_taken", proposal::ReportTaken{3, 5, 1000});
  add("round_call", proposal::RoundCall{3, 2});
}

}  // namespace

void WritePeerSeeds(SeedWriter* out) {
  WriteFrames(out);
  WriteMembers(out);
  WriteMessages(out);
}

}  // namespace rookery::fuzz
