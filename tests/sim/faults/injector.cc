#include "tests/sim/faults/injector.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace rookery::sim {
namespace {

// Between looks at servers that are down, or wait to be let in.
constexpr int64_t kLookUs = 100'000;
constexpr int64_t kStartAgainUs = 300'000;
constexpr size_t kServersMost = 5;

}  // namespace

Injector::Injector(SimEnsemble* ensemble, std::vector<Fault> faults, uint64_t seed)
    : ensemble_(ensemble), world_(&ensemble->world()), faults_(std::move(faults)), random_(seed) {
  ensemble_->on_ended = [this](SimServer* server) { OnEnded(server); };
  ensemble_->on_bytes = [this](Process* from, Process* to, std::string* bytes) {
    if (flips_.empty() || flips_.erase({from, to}) == 0) return;
    (*bytes)[random_.Below(bytes->size())] ^= static_cast<char>(1 << random_.Below(8));
  };
}

void Injector::Begin() {
  begin_us_ = world_->NowUs();
  look_us_ = begin_us_;
}

void Injector::Add(Fault fault) {
  fault.at_us = world_->NowUs() - begin_us_;
  faults_.push_back(fault);
}

int64_t Injector::NextUs() const {
  if (begin_us_ == 0) return std::numeric_limits<int64_t>::max();
  int64_t next_us = look_us_;
  if (!healing_ && next_ < faults_.size()) {
    next_us = std::min(next_us, begin_us_ + faults_[next_].at_us);
  }
  for (const Effect& effect : effects_) next_us = std::min(next_us, effect.end_us);
  return next_us;
}

void Injector::Run() {
  if (begin_us_ == 0) return;
  const int64_t now_us = world_->NowUs();
  for (size_t i = 0; i < effects_.size();) {
    if (effects_[i].end_us > now_us) {
      ++i;
      continue;
    }
    const std::function<void()> undo = std::move(effects_[i].undo);
    effects_.erase(effects_.begin() + static_cast<int64_t>(i));
    undo();
  }
  while (!healing_ && next_ < faults_.size() && begin_us_ + faults_[next_].at_us <= now_us) {
    const Fault& fault = faults_[next_++];
    const bool applied = Apply(fault);
    if (applied) ++applied_[static_cast<size_t>(fault.kind)];
    Trace(absl::StrCat("fault: ", sim::ToText(fault), applied ? "" : " (cannot be now)"));
  }
  if (look_us_ > now_us) return;
  look_us_ = now_us + kLookUs;
  StartThoseDown();
  LetIn();
  LookAtFrail();
  LookAtLeader();
}

void Injector::Heal() {
  healing_ = true;
  flips_.clear();
  Trace("heal");
  std::vector<Effect> effects = std::exchange(effects_, {});
  for (const Effect& effect : effects) effect.undo();
  for (const auto& server : ensemble_->servers()) {
    Care& care = CareOf(server.get());
    care.down_until_us = 0;
    server->disk().gate().CrashAfter(std::numeric_limits<uint32_t>::max());
    server->disk().checkpoints()->Mend();
    // A damaged log is noticed when it is read.
    if (care.log_flipped) server->Kill();
  }
  look_us_ = world_->NowUs();
}

bool Injector::Whole() const { return frail_ == 0 && NotWhole().empty(); }

std::string Injector::NotWhole() const {
  std::string text;
  if (frail_ != 0) absl::StrAppend(&text, "server ", frail_, " lacks what it had durable; ");
  for (const auto& server : ensemble_->servers()) {
    const auto care = care_.find(server->number());
    if (!server->up()) {
      absl::StrAppend(&text, "server ", server->number(), " is down (", server->last_end().text,
                      "); ");
    } else if (!server->serving()) {
      absl::StrAppend(&text, "server ", server->number(), " does not serve (",
                      server->node()->WaitingFor(), "); ");
    }
    if (care == care_.end()) continue;
    if (care->second.rejoins || care->second.joins) {
      absl::StrAppend(&text, "server ", server->number(), " is to be let in; ");
    }
  }
  return text;
}

uint64_t Injector::applied() const {
  return std::accumulate(applied_.begin(), applied_.end(), uint64_t{0});
}

void Injector::Until(const Fault& fault, std::function<void()> undo) {
  effects_.push_back({world_->NowUs() + fault.for_us, std::move(undo)});
}

bool Injector::Apply(const Fault& fault) {
  if (fault.kind == Fault::Kind::kTransfer) return Transfer(fault);
  if (fault.kind == Fault::Kind::kAddServer) return AddServer(fault);
  if (IsOfClient(fault.kind)) return clients_ != nullptr && ApplyToClient(fault);
  SimServer* server = fault.server == 0 ? ensemble_->leader() : ensemble_->server(fault.server);
  if (server == nullptr) return false;
  switch (fault.kind) {
    case Fault::Kind::kCrash:
    case Fault::Kind::kPowerLoss:
    case Fault::Kind::kPause:
    case Fault::Kind::kDrift:
    case Fault::Kind::kJumpWall:
      return ApplyToProcess(fault, server);
    case Fault::Kind::kCrashInDiskWork:
    case Fault::Kind::kSlowDisk:
    case Fault::Kind::kFullDisk:
    case Fault::Kind::kDamageCheckpoint:
      return ApplyToDisk(fault, server);
    case Fault::Kind::kFlipLog:
    case Fault::Kind::kFlipState:
    case Fault::Kind::kFlipFile:
    case Fault::Kind::kWipe:
      return Damage(fault, server);
    default:
      return ApplyToNetwork(fault, server);
  }
}

bool Injector::ApplyToProcess(const Fault& fault, SimServer* server) {
  Care& care = CareOf(server);
  switch (fault.kind) {
    case Fault::Kind::kCrash:
      if (!server->up()) return false;
      server->Kill();
      care.down_until_us = world_->NowUs() + fault.for_us;
      return true;
    case Fault::Kind::kPowerLoss:
      if (!server->up()) return false;
      server->LosePower(std::max<int64_t>(1, fault.for_us));
      care.down_until_us = world_->NowUs() + fault.for_us;
      return true;
    case Fault::Kind::kPause:
      if (!server->up() || server->process().paused()) return false;
      server->process().Pause();
      Until(fault, [server] { server->process().Resume(); });
      return true;
    case Fault::Kind::kDrift:
      server->process().SetDrift(fault.amount);
      Until(fault, [server] { server->process().SetDrift(0); });
      return true;
    default:
      server->process().JumpWall(fault.amount);
      return true;
  }
}

bool Injector::ApplyToDisk(const Fault& fault, SimServer* server) {
  Care& care = CareOf(server);
  switch (fault.kind) {
    case Fault::Kind::kCrashInDiskWork:
      if (!server->up()) return false;
      server->disk().gate().CrashAfter(static_cast<uint64_t>(fault.amount));
      care.down_us = fault.for_us;
      care.power_fails_too = random_.Chance(0.5);
      return true;
    case Fault::Kind::kSlowDisk:
      server->disk().extra_us = fault.amount;
      Until(fault, [server] { server->disk().extra_us = 0; });
      return true;
    case Fault::Kind::kDamageCheckpoint: {
      const auto how = fault.amount % 2 == 0 ? DiskCheckpoints::Damage::kFlip
                                             : DiskCheckpoints::Damage::kMissingFile;
      if (fault.amount < 2) return server->disk().checkpoints()->DamageNewest(how);
      server->disk().checkpoints()->DamageNextReceived(how);
      return true;
    }
    default:
      server->disk().gate().SetFull(true);
      Until(fault, [server] { server->disk().gate().SetFull(false); });
      return true;
  }
}

bool Injector::Damage(const Fault& fault, SimServer* server) {
  Care& care = CareOf(server);
  if (frail_ != 0 || !server->belongs() || care.joins || care.rejoins) return false;
  if (ensemble_->leader() == nullptr) return false;
  if (fault.kind == Fault::Kind::kFlipLog) {
    if (!server->disk().FlipLog()) return false;
    care.log_flipped = true;
  } else if (fault.kind == Fault::Kind::kFlipState) {
    if (!server->disk().FlipState()) return false;
  } else if (fault.kind == Fault::Kind::kFlipFile) {
    server->Kill();
    care.down_until_us = world_->NowUs() + fault.for_us;
    care.file_flipped = server->disk().files()->FlipAny();
    if (!care.file_flipped) return true;
  } else {
    server->Kill();
    care.wipe = true;
    care.down_until_us = world_->NowUs() + fault.for_us;
  }
  frail_ = server->number();
  return true;
}

bool Injector::AddServer(const Fault& fault) {
  if (ensemble_->servers().size() >= kServersMost || frail_ != 0) return false;
  SimServer* const server = ensemble_->AddServer();
  CareOf(server).joins = true;
  CareOf(server).observer = fault.amount == 1;
  server->Start();
  return true;
}

bool Injector::Transfer(const Fault& fault) {
  SimServer* const leader = ensemble_->leader();
  LookAtLeader();
  const uint32_t to = fault.amount == 1 ? led_before_ : fault.server;
  if (leader == nullptr || leader->number() == to) return false;
  leader->process().Post([this, leader, to] {
    leader->node()->TransferLeadership(to, [this](const absl::Status& status) {
      if (status.ok()) ensemble_->rare().Add(Rare::kTransfers);
      Trace(absl::StrCat("transfer: ", status.ToString()));
    });
  });
  return true;
}

// The last life of the server has ended by itself: is there a reason?
void Injector::OnEnded(SimServer* server) {
  Care& care = CareOf(server);
  const ProcessEnded& end = server->last_end();
  RarePaths& rare = ensemble_->rare();
  SimDisk& disk = server->disk();
  const bool blamed = disk.gate().TakeBlame();
  care.down_until_us = world_->NowUs() + kStartAgainUs;
  if (end.kind == ProcessEnded::Kind::kCrash) {
    rare.Add(Rare::kCrashesInsideDiskWork);
    care.down_until_us = world_->NowUs() + care.down_us;
    if (care.power_fails_too) server->LosePower(std::max<int64_t>(1, care.down_us));
    return;
  }
  if (care.log_flipped || care.file_flipped || disk.state_damaged()) {
    rare.Add(Rare::kDamageFound);
    care.log_flipped = care.file_flipped = false;
    care.wipe = true;
    return;
  }
  if (blamed) {
    rare.Add(Rare::kDiskFullEnds);
    return;
  }
  violations_.push_back(absl::StrCat("server ", server->number(),
                                     " ended itself, and no fault explains it: ", end.text));
}

void Injector::StartThoseDown() {
  for (const auto& server : ensemble_->servers()) {
    Care& care = CareOf(server.get());
    if (server->up() || care.down_until_us > world_->NowUs()) continue;
    if (server->disk().gate().full()) continue;
    if (care.wipe) {
      Trace(absl::StrCat("server ", server->number(), " gets an empty disk"));
      care.wipe = false;
      server->disk().Wipe();
      care.rejoins = !care.joins;
    }
    server->Start();
  }
}

// What an administrator does: `rookery ensemble rejoin N`, or `add`, at the leader, until it took.
void Injector::LetIn() {
  for (const auto& server : ensemble_->servers()) {
    Care& care = CareOf(server.get());
    if (!care.rejoins && !care.joins) continue;
    if (server->belongs()) {
      ensemble_->rare().Add(care.rejoins ? Rare::kServersRejoined : Rare::kServersAdded);
      care.rejoins = care.joins = false;
      continue;
    }
    SimServer* const leader = ensemble_->leader();
    if (leader == nullptr || !server->up()) continue;
    const auto done = [this, number = server->number()](const absl::StatusOr<uint64_t>& id) {
      Trace(absl::StrCat("let server ", number,
                         " in: ", id.ok() ? absl::StrCat("engine ", *id) : id.status().ToString()));
    };
    leader->process().Post([leader, server = server.get(), done, rejoins = care.rejoins,
                            observer = care.observer] {
      if (rejoins) return leader->node()->RejoinMember(server->number(), done);
      const consensus::ServerLine line = LineOf(server->number());
      leader->node()->AddMember(
          server->number(), absl::StrCat(line.host, ":", line.quorum_port, ":", line.election_port),
          observer, done);
    });
  }
}

// It is whole again as a voter that holds all that is committed, on an undamaged disk.
void Injector::LookAtFrail() {
  SimServer* const server = ensemble_->server(frail_);
  if (server == nullptr) return;
  Care& care = CareOf(server);
  if (!server->serving() || care.wipe || care.rejoins || server->disk().state_damaged()) return;
  // Started on what was left, nothing of it was needed.
  if (care.log_flipped && !server->disk().log_damaged()) care.log_flipped = false;
  if (care.log_flipped) return;
  care.file_flipped = false;  // likewise
  SimServer* const leader = ensemble_->leader();
  if (leader == nullptr) return;
  const consensus::Status status = leader->node()->consensus()->GetStatus();
  const consensus::Status own = server->node()->consensus()->GetStatus();
  const bool votes = status.configuration.IsVoter(own.self);
  if (votes == care.observer || !status.configuration.outgoing.empty()) return;
  if (own.durable_index < status.commit_index) return;
  Trace(absl::StrCat("server ", frail_, " is whole again"));
  frail_ = 0;
}

void Injector::LookAtLeader() {
  SimServer* const leader = ensemble_->leader();
  if (leader == nullptr || leader->number() == leads_) return;
  led_before_ = std::exchange(leads_, leader->number());
}

void Injector::Trace(const std::string& text) { ensemble_->recorder().Trace(text); }

}  // namespace rookery::sim
