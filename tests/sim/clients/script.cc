#include "tests/sim/clients/script.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

namespace rookery::sim {
namespace {

constexpr int kRegisters = 6;
constexpr int kBoxes = 4;
constexpr int kBurstRequests = 10;
// Requests of a client that are not answered: more would only wait.
constexpr size_t kInFlightMax = 40;
constexpr int64_t kPrepareAgainUs = 300'000;
constexpr int64_t kFoundAgainUs = 5'000'000;
constexpr int64_t kPauseLeastUs = 5'000;
constexpr size_t kLibraryNodeBytes = 200;
constexpr int64_t kFightMostUs = 400'000;
// Of the grace, in percent: who comes back may come too late.
constexpr int64_t kAwayShareMost = 130;

// How often each action is drawn, before the run's own bias.
constexpr uint32_t kWeights[] = {
    /*kGet=*/140,
    /*kExists=*/70,
    /*kList=*/60,
    /*kSet=*/160,
    /*kCompareAndSet=*/80,
    /*kSetOwn=*/120,
    /*kCreateSequential=*/50,
    /*kCreateEphemeral=*/60,
    /*kDeleteMine=*/50,
    /*kRecreate=*/25,
    /*kMulti=*/60,
    /*kFailingMulti=*/15,
    /*kSetAcl=*/10,
    /*kSyncAndRead=*/40,
    /*kLinearizable=*/60,
    /*kLibrary=*/160,
    /*kAddWatch=*/15,
    /*kRemoveWatch=*/8,
    /*kBurst=*/25,
    /*kBreak=*/12,
    /*kClose=*/4,
    /*kAbandon=*/3,
    /*kTakeOver=*/3,
    /*kLeave=*/12,
    /*kBox=*/80,
};
static_assert(std::size(kWeights) == static_cast<size_t>(Action::kCount));

std::string At(absl::string_view name) { return absl::StrCat(kRoot, "/", name); }

model::CreateRequest NewNode(std::string path, model::Data data, int32_t flags = 0) {
  return {
      .path = std::move(path), .data = std::move(data), .acl = *model::OpenAcl(), .flags = flags};
}

}  // namespace

std::string LibraryPath(uint64_t node) { return At(absl::StrCat("lib/", node)); }

Script::Script(SimClient* client, const ScriptOptions& options)
    : client_(client),
      options_(options),
      end_us_(client->host().clock->NowUs() + options.duration_us),
      random_(options.seed) {
  constexpr auto kLeave = static_cast<size_t>(Action::kLeave);
  for (size_t i = 0; i < kLeave; ++i) {
    // A run stresses some things and hardly does others.
    weights_[i] = kWeights[i] * static_cast<uint32_t>(random_.Between(1, 6));
  }
  weights_[kLeave] = options_.grace_us == 0 ? 0 : 3 * kWeights[kLeave];
  constexpr auto kBox = static_cast<size_t>(Action::kBox);
  weights_[kBox] = options_.containers ? 3 * kWeights[kBox] : 0;
  if (options_.library_nodes == 0) weights_[static_cast<size_t>(Action::kLibrary)] = 0;
  Later(0, &Script::Prepare);
}

void Script::Later(int64_t delay_us, void (Script::*step)()) {
  client_->host().executor->RunAfter(delay_us, [this, alive = alive_, step] {
    if (*alive) (this->*step)();
  });
}

// Creates what all need; that others did it before is fine.
void Script::Prepare() {
  if (!client_->connected()) return Later(kPrepareAgainUs, &Script::Prepare);
  Found();
  Later(random_.Between(1'000, 200'000), &Script::Step);
}

// Once more where that was lost: below a root that is not there nothing succeeds.
void Script::Found() {
  if (founded_) return;
  Later(kFoundAgainUs, &Script::Found);
  if (!client_->connected()) return;
  Write(NewNode(kRoot, ""), [this](const Call& call) {
    founded_ = founded_ || call.ok() || call.error == model::ErrorCode::kNodeExists;
  });
  for (const char* name : {"seq", "eph"}) Write(NewNode(At(name), ""));
  Write(NewNode(At(absl::StrCat("own-", client_->number())), Unique()));
  if (client_->number() == 1) {
    for (int i = 0; i < kRegisters; ++i) Write(NewNode(At(absl::StrCat("k", i)), Unique()));
    if (options_.library_nodes > 0) Write(NewNode(At("lib"), ""));
    for (uint32_t i = 0; i < options_.library_nodes; ++i) {
      Write(NewNode(LibraryPath(i), absl::StrCat(Unique(), std::string(kLibraryNodeBytes, '.'))));
    }
  }
}

std::string Script::Register() { return At(absl::StrCat("k", random_.Below(kRegisters))); }

std::string Script::Unique() {
  std::string data = absl::StrCat("c", client_->number(), ":", ++written_);
  // Now and then enough to make flushes and messages of another size.
  if (random_.Chance(0.05)) data.append(random_.Below(1500), '.');
  return data;
}

void Script::Write(model::WriteOperation operation, SimClient::Done done) {
  client_->Submit(std::move(operation), false, std::move(done));
}

void Script::Read(model::ReadOperation operation) {
  const bool watch = random_.Chance(0.4);
  client_->Submit(std::move(operation), watch, [this](const Call& call) {
    const auto* read = std::get_if<model::ReadOperation>(&call.operation);
    if (const auto* get = std::get_if<model::GetDataRequest>(read)) NoteVersion(get->path, call);
  });
}

void Script::NoteVersion(const std::string& path, const Call& call) {
  if (!call.ok()) return;
  if (const auto* data = std::get_if<model::DataReply>(&call.body)) {
    versions_[path] = data->stat.version;
  } else if (const auto* stat = std::get_if<model::StatReply>(&call.body)) {
    versions_[path] = stat->stat.version;
  }
}

Action Script::Draw() {
  uint64_t sum = 0;
  for (const uint32_t weight : weights_) sum += weight;
  uint64_t at = random_.Below(sum);
  size_t action = 0;
  while (at >= weights_[action]) at -= weights_[action++];
  return static_cast<Action>(action);
}

void Script::Step() {
  if (stopped_ || finishing_) return;
  resting_ = done();
  if (resting_) return;
  if (!client_->away() && client_->in_flight() < kInFlightMax) Act(Draw());
  // The mean pause that spreads what is left over what is left of the time: bursts take more than
  // their share, a server that does not answer less.
  const auto left = static_cast<int64_t>(
      options_.requests > client_->asked() ? options_.requests - client_->asked() : 1);
  const int64_t pause_us = (end_us_ - client_->host().clock->NowUs()) / left;
  Later(random_.Between(0, 2 * std::max(pause_us, kPauseLeastUs)), &Script::Step);
}

void Script::GoOn(uint32_t requests, int64_t for_us) {
  options_.requests = static_cast<uint32_t>(client_->asked()) + requests;
  end_us_ = client_->host().clock->NowUs() + for_us;
  if (std::exchange(resting_, false)) Later(0, &Script::Step);
}

void Script::Act(Action action) {
  switch (action) {
    case Action::kGet:
      return Read(model::GetDataRequest{
          random_.Chance(0.8) ? Register() : At(absl::StrCat("own-", client_->number()))});
    case Action::kExists:
      return Read(model::ExistsRequest{
          random_.Chance(0.7) || mine_.empty() ? Register() : mine_[random_.Below(mine_.size())]});
    case Action::kList: {
      const char* const kLists[] = {"seq", "eph"};
      const bool root = random_.Chance(0.3);
      return Read(model::GetChildrenRequest{.path = root ? kRoot : At(kLists[random_.Below(2)]),
                                            .want_stat = random_.Chance(0.7)});
    }
    case Action::kSet: {
      const std::string path = Register();
      return Write(model::SetDataRequest{.path = path, .data = Unique()},
                   [this, path](const Call& call) { NoteVersion(path, call); });
    }
    case Action::kCompareAndSet: {
      const std::string path = Register();
      const auto known = versions_.find(path);
      const int32_t version = known == versions_.end() ? 0 : known->second;
      return Write(model::SetDataRequest{.path = path, .data = Unique(), .version = version},
                   [this, path](const Call& call) { NoteVersion(path, call); });
    }
    case Action::kSetOwn:
      return Write(model::SetDataRequest{.path = At(absl::StrCat("own-", client_->number())),
                                         .data = Unique()});
    case Action::kCreateSequential:
    case Action::kCreateEphemeral: {
      const bool ephemeral = action == Action::kCreateEphemeral;
      const bool sequential = !ephemeral || random_.Chance(0.4);
      std::string path = ephemeral && !sequential
                             ? At(absl::StrCat("eph/", client_->number(), "-", ++written_))
                             : At(ephemeral ? "seq/e-" : "seq/p-");
      const int32_t flags =
          (ephemeral ? model::kEphemeral : 0) | (sequential ? model::kPersistentSequential : 0);
      return Write(NewNode(std::move(path), Unique(), flags), [this](const Call& call) {
        const auto* made = std::get_if<model::CreateReply>(&call.body);
        if (call.ok() && made != nullptr) mine_.push_back(made->path);
      });
    }
    case Action::kDeleteMine: {
      if (mine_.empty()) return Act(Action::kCreateSequential);
      const size_t at = random_.Below(mine_.size());
      std::string path = std::exchange(mine_[at], mine_.back());
      mine_.pop_back();
      return Write(model::DeleteRequest{.path = std::move(path)});
    }
    case Action::kRecreate: {
      const std::string path = Register();
      Write(model::DeleteRequest{.path = path});
      return Write(NewNode(path, Unique()));
    }
    case Action::kMulti:
      return Multi(false);
    case Action::kFailingMulti:
      return Multi(true);
    case Action::kSetAcl:
      return Write(model::SetAclRequest{.path = Register(), .acl = *model::OpenAcl()});
    case Action::kSyncAndRead:
      return SyncAndRead();
    case Action::kLinearizable:
      if (!client_->grpc()) return SyncAndRead();
      if (random_.Chance(0.7)) {
        return client_->ReadLinearizable(model::GetDataRequest{Register()}, nullptr);
      }
      return client_->ReadLinearizable(model::ExistsRequest{Register()}, nullptr);
    case Action::kLibrary:
      return UseLibrary();
    case Action::kAddWatch: {
      staying_ = {.path = Watched(), .mode = static_cast<model::WatchMode>(random_.Below(2))};
      return client_->Submit(model::ReadOperation(staying_), true, nullptr);
    }
    case Action::kRemoveWatch: {
      // Mostly one that may be there.
      if (random_.Chance(0.2)) staying_.path = Watched();
      const model::WatcherType type = model::WatcherTypeOf(staying_.mode);
      return client_->Submit(model::ReadOperation(model::RemoveWatchesRequest{staying_.path, type}),
                             false, nullptr);
    }
    case Action::kBurst:
      return Burst();
    case Action::kBreak:
      return client_->Break();
    case Action::kClose:
      return client_->CloseSession();
    case Action::kAbandon:
      return client_->Abandon();
    case Action::kTakeOver:
      return client_->TakeOver(random_.Between(0, kFightMostUs));
    case Action::kLeave:
      return client_->Leave(random_.Between(0, kAwayShareMost * options_.grace_us / 100));
    case Action::kBox:
      return UseBox();
    case Action::kCount:
      return;
  }
}

// Ten requests at once: none waits for the one before.
void Script::Burst() {
  for (int i = 0; i < kBurstRequests; ++i) {
    Action action = Draw();
    if (action >= Action::kBurst) action = Action::kSet;
    Act(action);
  }
}

std::string Script::Watched() {
  const uint64_t what = random_.Below(10);
  if (what == 0) return random_.Chance(0.5) ? "/" : kRoot;
  if (what <= 2) return At(what == 1 ? "seq" : "eph");
  if (what == 3) return At(absl::StrCat("own-", client_->number()));
  return Register();
}

void Script::UseLibrary() {
  const std::string path = LibraryPath(random_.Below(options_.library_nodes));
  const uint64_t what = random_.Below(10);
  if (what == 0) return Read(model::GetChildrenRequest{.path = At("lib"), .want_stat = true});
  if (what <= 2) {
    return Write(model::SetDataRequest{
        .path = path, .data = absl::StrCat(Unique(), std::string(kLibraryNodeBytes, '.'))});
  }
  Read(model::GetDataRequest{path});
}

// A box may be gone at any time in which it is empty, and what is put into it then is refused.
void Script::UseBox() {
  const std::string box = At(absl::StrCat("box-", random_.Below(kBoxes)));
  const uint64_t what = random_.Below(10);
  if (what == 0) return Read(model::GetChildrenRequest{.path = box, .want_stat = true});
  if (what == 1) return Read(model::ExistsRequest{box});
  if (what <= 4) {
    model::CreateRequest request = NewNode(box, "", model::kContainer);
    request.container = true;
    return Write(std::move(request));
  }
  Write(NewNode(box + "/x-", Unique(), model::kPersistentSequential), [this](const Call& call) {
    const auto* made = std::get_if<model::CreateReply>(&call.body);
    if (!call.ok() || made == nullptr) return;
    if (random_.Chance(0.8)) return Write(model::DeleteRequest{.path = made->path});
    mine_.push_back(made->path);
  });
}

void Script::Multi(bool fails) {
  model::MultiRequest multi;
  const std::string first = Register();
  const std::string second = Register();
  if (random_.Chance(0.5)) multi.parts.push_back(model::CheckRequest{.path = first});
  multi.parts.push_back(model::SetDataRequest{.path = first, .data = Unique()});
  multi.parts.push_back(model::SetDataRequest{.path = second, .data = Unique()});
  if (random_.Chance(0.4)) {
    multi.parts.push_back(NewNode(At("seq/m-"), Unique(), model::kPersistentSequential));
  }
  if (fails) multi.parts.push_back(model::CheckRequest{.path = kRoot, .version = 77});
  Write(std::move(multi), [this](const Call& call) {
    const auto* reply = std::get_if<model::MultiReply>(&call.body);
    if (!call.ok() || reply == nullptr) return;
    for (const model::MultiReply::Part& part : reply->parts) {
      const auto* made = std::get_if<model::CreateReply>(&part.body);
      if (made != nullptr) mine_.push_back(made->path);
    }
  });
}

void Script::SyncAndRead() {
  const std::string path = Register();
  client_->Submit(model::ReadOperation(model::SyncRequest{path}), false, nullptr);
  Read(model::GetDataRequest{path});
}

void Script::Finish() {
  stopped_ = true;
  if (!std::exchange(finishing_, true)) Later(0, &Script::LastWord);
}

// An answer that shows everything: whatever a watch had to tell was told before.
void Script::LastWord() {
  if (finished_) return;
  if (!client_->connected() || client_->in_flight() > 0) {
    return Later(kPrepareAgainUs, &Script::LastWord);
  }
  client_->Submit(model::ReadOperation(model::SyncRequest{kRoot}), false, nullptr);
  client_->Submit(model::ReadOperation(model::ExistsRequest{kRoot}), false,
                  [this](const Call& call) { finished_ = finished_ || call.ok(); });
  Later(kPrepareAgainUs, &Script::LastWord);
}

}  // namespace rookery::sim
