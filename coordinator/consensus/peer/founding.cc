#include "coordinator/consensus/peer/founding.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace rookery::consensus {
namespace {

const ServerLine* FindLine(const std::vector<ServerLine>& lines, uint32_t number) {
  for (const ServerLine& line : lines) {
    if (line.number == number) return &line;
  }
  return nullptr;
}

// Numbers, roles and ports; hosts may be written differently by each ("0.0.0.0" for oneself).
bool SameList(const std::vector<ServerLine>& a, const std::vector<ServerLine>& b) {
  if (a.size() != b.size()) return false;
  for (const ServerLine& line : a) {
    const ServerLine* other = FindLine(b, line.number);
    if (other == nullptr || other->observer != line.observer ||
        other->quorum_port != line.quorum_port || other->election_port != line.election_port) {
      return false;
    }
  }
  return true;
}

}  // namespace

Founding::Founding(Hello self, int64_t fresh_us) : self_(std::move(self)), fresh_us_(fresh_us) {
  for (const ServerLine& line : self_.lines) {
    if (line.number != self_.line.number) known_[line.number].trouble = "not reached yet";
  }
}

bool Founding::IsFresh(const Known& known, int64_t now_us) const {
  return known.hello.has_value() && now_us - known.heard_us <= fresh_us_;
}

bool Founding::IsNews(const Hello& theirs) const {
  auto found = known_.find(theirs.line.number);
  if (found == known_.end() || !found->second.hello.has_value()) return true;
  const Hello& known = *found->second.hello;
  return !found->second.trouble.empty() || known.boot_id != theirs.boot_id ||
         known.disk_id != theirs.disk_id || known.cluster_id != theirs.cluster_id;
}

void Founding::OnHello(const Hello& theirs, int64_t now_us) {
  // Only an empty server's own words are enough; a founded one is asked for its member list.
  if (theirs.cluster_id != 0 || theirs.line.number == self_.line.number) return;
  auto found = known_.find(theirs.line.number);
  if (found == known_.end()) return;
  found->second = Known{theirs, std::nullopt, HelloRefusal::kNone, "", "", now_us};
}

void Founding::OnAnswer(uint32_t number, const HelloAnswerFrame& answer, int64_t now_us) {
  Known& known = known_[number];
  if (answer.hello.line.number != number) {
    known = Known{};
    known.trouble = absl::StrCat("found server.", answer.hello.line.number,
                                 " there: check myid and the server lines");
    return;
  }
  known = Known{answer.hello, std::nullopt, answer.refusal, answer.text, "", now_us};
  if (answer.hello.cluster_id == 0) return;
  absl::StatusOr<MemberList> members = DecodeMemberList(answer.member_list);
  if (!members.ok()) {
    known.trouble = std::string(members.status().message());
  } else if (ClusterIdOf(answer.hello.founding) != answer.hello.cluster_id) {
    known.trouble = "its founding list does not match its cluster id";
  } else {
    known.members = *std::move(members);
  }
}

void Founding::OnFailedVisit(uint32_t number, std::string why) {
  known_[number].trouble = std::move(why);
}

Founding::Decision Founding::Decide(int64_t now_us) const {
  if (std::optional<Decision> decision = DecideFromFounded(now_us)) return *std::move(decision);
  return DecideFromEmpty(now_us);
}

std::optional<Founding::Decision> Founding::DecideFromFounded(int64_t now_us) const {
  // The newest list of those who have founded, and the row of this server's disk in it.
  const Known* newest = nullptr;
  const MemberRow* mine = nullptr;
  for (const auto& [number, known] : known_) {
    if (!IsFresh(known, now_us) || known.hello->cluster_id == 0 || !known.members.has_value()) {
      continue;
    }
    if (newest != nullptr && newest->hello->cluster_id != known.hello->cluster_id) {
      return Decision{
          Decision::Kind::kWait,
          {},
          absl::StrCat("server.", newest->hello->line.number, " and server.", number,
                       " belong to different ensembles: empty the data directory of the "
                       "one that is wrong")};
    }
    const MemberRow* row = nullptr;
    for (const MemberRow& each : known.members->rows) {
      if (each.disk_id == self_.disk_id && each.server_number == self_.line.number) row = &each;
    }
    const bool newer = newest == nullptr ||
                       known.members->next_engine_id > newest->members->next_engine_id ||
                       (known.members->next_engine_id == newest->members->next_engine_id &&
                        mine == nullptr && row != nullptr);
    if (!newer) continue;
    newest = &known;
    mine = row;
  }
  if (newest == nullptr) return std::nullopt;
  if (mine != nullptr) return Join(*newest, *mine);
  return Decision{Decision::Kind::kWait, {}, newest->refusal_text};
}

Founding::Decision Founding::Join(const Known& from, const MemberRow& row) const {
  Decision decision;
  decision.kind = Decision::Kind::kJoin;
  Identity& identity = decision.identity;
  identity.disk_id = self_.disk_id;
  identity.cluster_id = from.hello->cluster_id;
  identity.engine_id = row.engine_id;
  identity.founding = from.hello->founding;
  identity.members = *from.members;
  for (const FoundingList::Founder& founder : identity.founding.founders) {
    if (founder.line.number == row.engine_id && founder.disk_id == self_.disk_id) {
      identity.founder = true;
    }
  }
  return decision;
}

Founding::Decision Founding::DecideFromEmpty(int64_t now_us) const {
  const ServerLine* own = FindLine(self_.lines, self_.line.number);
  if (own == nullptr || own->observer) {
    return Decision{Decision::Kind::kWait,
                    {},
                    absl::StrCat("server.", self_.line.number,
                                 " is no voter of its own list, so it founds nothing: it waits for "
                                 "the others, then for 'rookery ensemble add ",
                                 self_.line.number, "'")};
  }
  std::vector<std::string> obstacles;
  for (const ServerLine& line : self_.lines) {
    if (line.observer || line.number == self_.line.number) continue;
    std::string obstacle = Obstacle(line, now_us);
    if (!obstacle.empty()) obstacles.push_back(std::move(obstacle));
  }
  Decision decision;
  if (!obstacles.empty()) {
    decision.text =
        absl::StrCat("a first start needs all voters; missing: ", absl::StrJoin(obstacles, "; "));
    return decision;
  }
  decision.kind = Decision::Kind::kFound;
  decision.identity.disk_id = self_.disk_id;
  decision.identity.engine_id = self_.line.number;
  decision.identity.founder = true;
  decision.identity.founding = MakeFoundingList();
  decision.identity.cluster_id = ClusterIdOf(decision.identity.founding);
  decision.identity.members = FoundingMembers(decision.identity.founding);
  return decision;
}

std::string Founding::Obstacle(const ServerLine& line, int64_t now_us) const {
  const std::string name =
      absl::StrCat("server.", line.number, " (", line.host, ":", line.quorum_port, ")");
  auto found = known_.find(line.number);
  if (found == known_.end() || !IsFresh(found->second, now_us)) {
    const bool silent = found == known_.end() || found->second.trouble.empty();
    return absl::StrCat(name, ": ", silent ? "not heard of lately" : found->second.trouble);
  }
  const Hello& theirs = *found->second.hello;
  if (!found->second.trouble.empty() && theirs.cluster_id != 0) {
    return absl::StrCat(name, ": ", found->second.trouble);
  }
  std::map<uint32_t, uint64_t> disks = {{self_.line.number, self_.disk_id}};
  for (const auto& [number, other] : known_) {
    if (other.hello.has_value()) disks[number] = other.hello->disk_id;
  }
  for (const auto& [number, disk_id] : disks) {
    if (number == line.number || disk_id != theirs.disk_id) continue;
    return absl::StrCat(name, ": its data directory is a copy of server.", number,
                        "'s; empty one of them");
  }
  if (theirs.cluster_id == 0 && theirs.origin != self_.origin) {
    return absl::StrCat(name, ": ",
                        theirs.origin == 0  ? "its data directory is empty, this server's was "
                                              "restored from a backup"
                        : self_.origin == 0 ? "its data directory was restored from a backup, this "
                                              "server's is empty"
                                            : "its data directory was restored from another backup",
                        ": run 'rookery restore' with the same backup for all of them");
  }
  if (!SameList(self_.lines, theirs.lines)) {
    return absl::StrCat(name,
                        ": its server lines differ from this server's in numbers, roles or "
                        "ports; make them alike");
  }
  return "";
}

// The list must come out the same at every founder although each may write hosts in its own way:
// the host of server N is what the lowest-numbered other voter calls it.
FoundingList Founding::MakeFoundingList() const {
  std::map<uint32_t, const Hello*> voters;
  for (const ServerLine& line : self_.lines) {
    if (line.observer) continue;
    voters[line.number] =
        line.number == self_.line.number ? &self_ : &*known_.find(line.number)->second.hello;
  }
  FoundingList list;
  list.origin = self_.origin;
  for (const auto& [number, hello] : voters) {
    const Hello* namer = hello;
    for (const auto& [other, theirs] : voters) {
      if (other == number) continue;
      namer = theirs;
      break;
    }
    ServerLine line = *FindLine(namer->lines, number);
    // Where a server's clients knock, its own configuration alone says.
    line.client_address = hello->line.client_address;
    list.founders.push_back({std::move(line), hello->disk_id});
  }
  return list;
}

}  // namespace rookery::consensus
