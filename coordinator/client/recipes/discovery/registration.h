// An instance that can be found as long as its session lives.
//
//   BASE
//   +- search
//      +- 7f3a..   ephemeral, data: an Instance as JSON
//
// A name resolves to instances whose sessions have not expired: one whose process died is listed
// until its session's timeout is over. Interoperates with Curator's ServiceDiscovery.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "coordinator/client/recipes/discovery/instance.h"
#include "coordinator/client/recipes/support/operations.h"

namespace rookery::client::recipes {

// Lives on the client's executor, and ends before the client.
class Registration {
 public:
  explicit Registration(Client* client, std::string base, model::Acl acl = *model::OpenAcl());
  Registration(const Registration&) = delete;
  Registration& operator=(const Registration&) = delete;
  // Withdraws, without waiting for it.
  ~Registration();

  // Registers `instance`, which gets an id if it has none; again: says something new of it.
  // InvalidArgument: its name or payload is wrong; AlreadyExists: somebody else has this id.
  Async<absl::Status> Register(Instance instance);
  // Ok too if nothing is registered.
  Async<absl::Status> Withdraw();

 private:
  Async<absl::Status> Create(std::string path, std::string data);

  Client* const client_;
  const std::string base_;
  const model::Acl acl_;
  Operations operations_;
  std::string node_;  // the path of ours; "" if there is none
};

}  // namespace rookery::client::recipes
