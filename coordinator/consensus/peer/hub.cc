#include "coordinator/consensus/peer/hub.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "coordinator/base/check.h"
#include "coordinator/base/logging.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/consensus/peer/hub_peer.h"

namespace rookery::consensus {
namespace {

// Connections that have not said hello, and newcomers remembered: more than any ensemble has, few
// enough to cost nothing.
constexpr size_t kUnknownMax = 64;
constexpr size_t kApplicantsMax = 64;
// Peers that the member list does not know yet; an ensemble has at most 15 members.
constexpr size_t kPeersMax = 32;

}  // namespace

PeerHub::PeerHub(Executor* executor, Network* network, const Clock* clock, uint64_t seed,
                 PeerHubOptions options)
    : executor_(executor),
      network_(network),
      clock_(clock),
      random_(seed),
      options_(std::move(options)) {}

PeerHub::~PeerHub() = default;

absl::Status PeerHub::Start(Hello self) {
  SetSelf(std::move(self));
  ROOKERY_ASSIGN_OR_RETURN(
      door_, network_->Listen(options_.listen, [this, alive = std::weak_ptr<bool>(alive_)](
                                                   std::unique_ptr<Stream> stream) {
        if (!alive.expired()) OnAccept(std::move(stream));
      }));
  return absl::OkStatus();
}

void PeerHub::SetSelf(Hello self) { self_ = std::move(self); }

void PeerHub::SetOnHello(absl::AnyInvocable<void(const Hello&)> on_hello) {
  on_hello_ = std::move(on_hello);
}

HelloVerdict PeerHub::Judge(const Hello& theirs) const {
  return JudgeHello(self_, members_, ensemble_level_, theirs, 0);
}

absl::StatusOr<Address> PeerHub::ElectionAddress(EngineId id) const {
  if (const MemberRow* row = members_.Find(id)) return Address{row->host, row->election_port};
  const Peer* peer = Find(id);
  if (peer != nullptr && peer->in != nullptr) {
    return Address{peer->in->line().host, peer->in->line().election_port};
  }
  return absl::NotFoundError(absl::StrCat("engine id ", id, " is not known here"));
}

Address PeerHub::Local() const { return door_->Local(); }

void PeerHub::SetListener(PeersListener* listener) { listener_ = listener; }

bool PeerHub::SendEngineMessage(EngineId to, std::string bytes) {
  Peer* peer = Find(to);
  if (peer == nullptr || !peer->out->up()) return false;
  if (peer->out->QueuedBytes() + bytes.size() > options_.engine_queue_bytes_max) return false;
  peer->out->Send(EngineFrame{std::move(bytes)});
  return true;
}

bool PeerHub::SendApplicationMessage(EngineId to, std::string bytes) {
  Peer* peer = Find(to);
  if (peer == nullptr || !peer->connected) return false;
  if (peer->out->QueuedBytes() + bytes.size() > options_.application_queue_bytes_max) return false;
  peer->out->Send(ApplicationFrame{std::move(bytes)});
  return true;
}

bool PeerHub::IsConnected(EngineId id) const {
  const Peer* peer = Find(id);
  return peer != nullptr && peer->connected;
}

int64_t PeerHub::LastAnswerUs(EngineId id) const {
  const Peer* peer = Find(id);
  return peer == nullptr ? 0 : peer->out->last_answer_us();
}

std::vector<Applicant> PeerHub::Applicants(int64_t age_us) const {
  std::vector<Applicant> found;
  for (const auto& [number, applicant] : applicants_) {
    if (clock_->NowUs() - applicant.last_seen_us <= age_us) found.push_back(applicant);
  }
  return found;
}

void PeerHub::Stop() {
  if (stopping_) return;
  stopping_ = true;
  door_.reset();
  for (auto& [id, peer] : peers_) {
    peer->connected = false;
    peer->out->Stop("the server stops");
    if (peer->in != nullptr) peer->in->Stop("the server stops");
  }
  unknown_.clear();
  reports_.clear();
  listener_ = nullptr;
}

void PeerHub::OnAccept(std::unique_ptr<Stream> stream) {
  if (stopping_ || unknown_.size() >= kUnknownMax) {
    stream->Close();
    return;
  }
  unknown_.push_back(std::make_unique<IncomingLink>(this, std::move(stream)));
}

void PeerHub::OnHello(IncomingLink* link, const HelloFrame& frame) {
  const Hello& hello = frame.hello;
  auto place = std::find_if(unknown_.begin(), unknown_.end(),
                            [&](const auto& each) { return each.get() == link; });
  ROOKERY_CHECK(place != unknown_.end()) << "a hello on a link that has had one";
  std::unique_ptr<IncomingLink> owned = std::move(*place);
  unknown_.erase(place);
  if (on_hello_) {
    executor_->Post([this, hello, alive = std::weak_ptr<bool>(alive_)] {
      if (!alive.expired() && on_hello_) on_hello_(hello);
    });
  }
  HelloVerdict verdict = JudgeHello(self_, members_, ensemble_level_, hello, frame.wanted);
  Peer* peer = Find(hello.engine_id);
  if (verdict.refusal == HelloRefusal::kNone) {
    if (peer != nullptr && peer->dead_boot_id == hello.boot_id)
      return;  // a dead process's last words
    if (peer == nullptr && peers_.size() >= kPeersMax) return;
  }
  if (verdict.refusal != HelloRefusal::kNone) {
    NoteApplicant(hello, verdict.refusal);
    const bool show_members = self_.cluster_id != 0 && hello.cluster_id == 0;
    owned->Refuse(verdict, show_members ? EncodeMemberList(members_) : "");
    return;
  }
  applicants_.erase(hello.line.number);
  if (peer == nullptr) {
    peer = Add(hello.engine_id, Address{hello.line.host, hello.line.quorum_port});
  }
  DropIncoming(peer);
  NoteProcess(peer, hello.boot_id);
  owned->Accept(hello);
  peer->in = std::move(owned);
  peer->refused = false;
  peer->out->TryNow();
  UpdateConnected(peer);
}

void PeerHub::NoteApplicant(const Hello& hello, HelloRefusal refusal) {
  if (refusal == HelloRefusal::kNotFounded || refusal == HelloRefusal::kNotTheOne) return;
  Applicant& applicant = applicants_[hello.line.number];
  applicant = Applicant{hello.line, hello.disk_id, hello.level, refusal, clock_->NowUs()};
  if (applicants_.size() <= kApplicantsMax) return;
  applicants_.erase(std::min_element(
      applicants_.begin(), applicants_.end(),
      [](const auto& a, const auto& b) { return a.second.last_seen_us < b.second.last_seen_us; }));
}

void PeerHub::OnIncomingEnded(IncomingLink* link, absl::Status why) {
  Peer* peer = Find(link->peer());
  if (peer == nullptr || peer->in.get() != link) {
    if (absl::IsInvalidArgument(why)) {
      LogWarn("a connection to the quorum port was closed", {{"why", why.message()}});
    }
    unknown_.remove_if([&](const auto& each) { return each.get() == link; });
    return;
  }
  if (!absl::IsUnavailable(why)) LogTrouble(peer, why);
  DropIncoming(peer);
  if (peer->refused) {
    Lost(peer, PeerLoss::kRefused);
  } else {
    peer->out->TryNow();
  }
}

void PeerHub::OnEngineFrame(EngineId id, std::string bytes) {
  Peer* peer = Find(id);
  if (peer != nullptr && listener_ != nullptr) {
    listener_->OnEngineMessage(id, std::move(bytes));
  }
}

void PeerHub::OnApplicationFrame(EngineId id, std::string bytes) {
  Peer* peer = Find(id);
  if (peer == nullptr || listener_ == nullptr) return;
  if (peer->connected && reports_.empty()) {
    listener_->OnApplicationMessage(id, std::move(bytes));
  } else if (peer->connected) {
    Tell(Report{Report::Kind::kApplicationMessage, id, {}, std::move(bytes)});
  } else {
    // The peer knows already that both directions are up; this server will with its next answer.
    peer->early_bytes += bytes.size();
    peer->early.push_back(std::move(bytes));
    if (peer->early_bytes > options_.frame_bytes_max) DropIncoming(peer);
  }
}

void PeerHub::OnOutgoingUp(EngineId id) {
  Peer* peer = Find(id);
  peer->refused = false;
  peer->last_trouble.clear();
  NoteProcess(peer, peer->out->boot_id());
  UpdateConnected(peer);
}

void PeerHub::OnOutgoingDown(EngineId id, const absl::Status& why) {
  Peer* peer = Find(id);
  LogTrouble(peer, why);
  UpdateConnected(peer);
}

void PeerHub::OnAttemptFailed(EngineId id, bool connecting, const absl::Status& why) {
  Peer* peer = Find(id);
  LogTrouble(peer, why);
  // Sure news is a refusal alone: an address out of reach, or this server out of descriptors, says
  // nothing about the process.
  const bool refused =
      connecting && absl::IsUnavailable(why) && absl::StrContains(why.message(), "refused");
  if (!refused || peer->boot_id == 0) return;
  if (peer->in == nullptr) {
    Lost(peer, PeerLoss::kRefused);
  } else {
    peer->refused = true;  // news once its own connection breaks too
  }
}

void PeerHub::OnGoodbye(EngineId id, bool stopping, const std::string& reason, bool outgoing) {
  Peer* peer = Find(id);
  if (peer == nullptr) return;
  LogInfo("peer said goodbye", {{"peer", id}, {"reason", reason}});
  if (stopping || outgoing) peer->out->Restart(/*at_once=*/false);
  if (stopping || !outgoing) DropIncoming(peer);
  UpdateConnected(peer);
  if (stopping && peer->boot_id != 0) Lost(peer, PeerLoss::kGoodbye);
}

}  // namespace rookery::consensus
