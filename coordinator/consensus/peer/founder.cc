#include "coordinator/consensus/peer/founder.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_format.h"
#include "coordinator/base/logging.h"

namespace rookery::consensus {
namespace {

// More servers than this no ensemble has.
constexpr size_t kNeighboursMax = 64;

}  // namespace

Founder::Founder(Executor* executor, Network* network, const Clock* clock, uint64_t seed,
                 PeerHub* hub, FileStore* files, FounderOptions options)
    : executor_(executor),
      network_(network),
      clock_(clock),
      random_(seed),
      hub_(hub),
      files_(files),
      options_(options),
      founding_(hub->self(), options.fresh_us) {
  for (const ServerLine& line : hub_->self().lines) {
    if (line.number == hub_->self().line.number) continue;
    neighbours_[line.number].address = Address{line.host, line.quorum_port};
  }
}

Founder::~Founder() {
  hub_->SetOnHello(nullptr);
  for (auto& [number, neighbour] : neighbours_) {
    if (neighbour.timer != 0) executor_->Cancel(neighbour.timer);
  }
  if (log_timer_ != 0) executor_->Cancel(log_timer_);
}

void Founder::Start(Done done) {
  done_ = std::move(done);
  hub_->SetOnHello([this](const Hello& theirs) { OnHello(theirs); });
  for (auto& [number, neighbour] : neighbours_) VisitNow(number);
  log_timer_ = executor_->RunAfter(options_.log_us, [this] { Log(); });
  executor_->Post([this, alive = std::weak_ptr<bool>(alive_)] {
    if (!alive.expired()) Decide();
  });
}

void Founder::OnHello(const Hello& theirs) {
  auto neighbour = neighbours_.find(theirs.line.number);
  if (!done_ || neighbour == neighbours_.end()) return;
  const bool news = founding_.IsNews(theirs);
  founding_.OnHello(theirs, clock_->NowUs());
  if (news) {
    neighbour->second.pause_us = 0;
    VisitNow(theirs.line.number);
  }
  Decide();
}

void Founder::VisitNow(uint32_t number) {
  Neighbour& neighbour = neighbours_[number];
  if (neighbour.visit != nullptr) return;
  if (neighbour.timer != 0) executor_->Cancel(neighbour.timer);
  neighbour.timer = 0;
  neighbour.visit = std::make_unique<Visit>(
      executor_, network_, neighbour.address, hub_->self(), options_.visit_timeout_us,
      [this, number](absl::StatusOr<HelloAnswerFrame> answer) {
        OnVisited(number, std::move(answer));
      });
}

void Founder::OnVisited(uint32_t number, absl::StatusOr<HelloAnswerFrame> answer) {
  Neighbour& neighbour = neighbours_[number];
  executor_->Post([visit = std::move(neighbour.visit)] {});  // possibly called from within it
  if (!done_) return;
  if (answer.ok()) {
    founding_.OnAnswer(number, *answer, clock_->NowUs());
    VisitMembers(answer->member_list);
  } else {
    founding_.OnFailedVisit(number, std::string(answer.status().message()));
  }
  neighbour.pause_us =
      std::clamp(neighbour.pause_us * 2, options_.visit_first_us, options_.visit_most_us);
  const int64_t jitter = random_.Between(-neighbour.pause_us / 4, neighbour.pause_us / 4);
  neighbour.timer = executor_->RunAfter(neighbour.pause_us + jitter, [this, number] {
    neighbours_[number].timer = 0;
    VisitNow(number);
  });
  Decide();
}

// Whoever leads must hear of this server to let it in, and may have joined after its file was
// written.
void Founder::VisitMembers(const std::string& bytes) {
  const absl::StatusOr<MemberList> members = DecodeMemberList(bytes);
  if (!members.ok()) return;
  for (const MemberRow& row : members->rows) {
    if (row.server_number == hub_->self().line.number) continue;
    const bool known = neighbours_.contains(row.server_number);
    if (known || neighbours_.size() >= kNeighboursMax) continue;
    neighbours_[row.server_number].address = Address{row.host, row.quorum_port};
    VisitNow(row.server_number);
  }
}

void Founder::Decide() {
  if (!done_) return;
  Founding::Decision decision = founding_.Decide(clock_->NowUs());
  waiting_for_ = std::move(decision.text);
  if (decision.kind == Founding::Decision::Kind::kWait) return;
  const Identity& identity = decision.identity;
  const bool found = decision.kind == Founding::Decision::Kind::kFound;
  absl::Status stored = StoreIdentity(files_, identity);
  if (stored.ok()) {
    const Hello& before = hub_->self();
    hub_->SetSelf(
        HelloOf(identity, before.boot_id, before.level, before.lines, before.line.number));
    LogInfo(found ? "founding the ensemble" : "taking this server's place in the ensemble",
            {{"cluster", absl::StrFormat("%016x", identity.cluster_id)},
             {"engine_id", identity.engine_id},
             {"founders", identity.founding.founders.size()}});
  }
  for (auto& [number, neighbour] : neighbours_) {
    if (neighbour.timer != 0) executor_->Cancel(neighbour.timer);
    neighbour.timer = 0;
  }
  executor_->Post([done = std::move(done_), stored, identity]() mutable {
    if (stored.ok()) {
      done(identity);
    } else {
      done(stored);
    }
  });
  done_ = nullptr;
}

void Founder::Log() {
  log_timer_ = 0;
  if (!done_) return;
  Decide();
  if (!done_) return;
  LogWarn("this server belongs to no ensemble yet and casts no vote",
          {{"waits for", waiting_for_}});
  log_timer_ = executor_->RunAfter(options_.log_us, [this] { Log(); });
}

}  // namespace rookery::consensus
