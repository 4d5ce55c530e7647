// Paths of a client that lives below a node: put in front of what goes out, taken off what comes
// in.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "coordinator/client/client.h"
#include "coordinator/model/reply.h"

namespace rookery::client {

// With an empty `chroot` all of these do nothing.
std::string AddChroot(absl::string_view chroot, std::string path);
std::string RemoveChroot(absl::string_view chroot, std::string path);
void AddChroot(absl::string_view chroot, Operation* operation);
void RemoveChroot(absl::string_view chroot, model::ReplyBody* body);

}  // namespace rookery::client
