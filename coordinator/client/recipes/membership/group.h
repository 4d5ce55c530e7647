// Who is there: each member is an ephemeral node below the group's, which goes with its session.
//
//   PATH
//   +- alpha   data: what the member says of itself (its address, say)
//   +- beta
//
// A member that is listed has a session that has not expired; one whose process died is listed
// until its session's timeout is over. After a lost session a member must join again, with a new
// client.
//
// Interoperates with Curator's GroupMember; by NameStyle::kKazoo with kazoo's Party, whose members'
// nodes are hex32 "__party__" and whose data is the member's identifier.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "coordinator/client/recipes/cache/tree_cache.h"
#include "coordinator/client/recipes/contention/line.h"
#include "coordinator/client/recipes/support/operations.h"

namespace rookery::client::recipes {

struct GroupOptions {
  NameStyle style = NameStyle::kCurator;
  model::Acl acl = *model::OpenAcl();
};

// Lives on the client's executor, and ends before the client.
class Group {
 public:
  // What the members say of themselves, by the names of their nodes.
  using Members = std::map<std::string, std::string>;

  Group(Client* client, std::string path, GroupOptions options = GroupOptions());
  // Leaves, without waiting for it.
  ~Group();
  Group(const Group&) = delete;
  Group& operator=(const Group&) = delete;

  // Becomes a member. Curator's style: the node is called `name` and says `about`; kazoo's: its
  // name is drawn, and it says `name`. AlreadyExists: somebody else has that name;
  // FailedPrecondition: this object is a member already.
  Async<absl::Status> Join(std::string name, std::string about = "");
  // Ok too if it is no member.
  Async<absl::Status> Leave();
  Async<absl::StatusOr<Members>> Read();

  // Tells the members once they are read, and again whenever they have changed; changes that come
  // quickly are told as one. The end of the session is told once, as an error, and then nothing.
  // A second call takes the place of the first.
  using OnMembers = absl::AnyInvocable<void(const absl::StatusOr<Members>&)>;
  void Follow(OnMembers on_members);

 private:
  bool IsMember(absl::string_view name) const;

  Client* const client_;
  const std::string path_;
  const GroupOptions options_;
  Operations operations_;
  std::string node_;  // the path of ours; "" if there is none
  OnMembers on_members_;
  std::optional<Members> told_;
  std::unique_ptr<TreeCache> cache_;
};

}  // namespace rookery::client::recipes
