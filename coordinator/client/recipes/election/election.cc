#include "coordinator/client/recipes/election/election.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace rookery::client::recipes {
namespace {

std::string WordOf(NameStyle style, ElectionNames names) {
  if (style == NameStyle::kKazoo) return "__lock__";
  return names == ElectionNames::kLatch ? "latch-" : "lock-";
}

Line LineOf(NameStyle style, ElectionNames names) {
  return {style, WordOf(style, names), {WordOf(style, names)}};
}

}  // namespace

Election::Election(Client* client, std::string path, HolderOptions options, ElectionNames names)
    : Holder(client, std::move(path), LineOf(options.style, names), {WordOf(options.style, names)},
             options) {}

Election::~Election() { scope_.Clear(); }

void Election::Campaign() {
  if (stands()) return;
  scope_.Spawn(Stand());
}

Async<> Election::Stand() {
  const auto led = co_await Acquire(-1);
  // A lost session is told to the observer where it led, and is seen at the client otherwise.
  (void)led;
}

Async<absl::StatusOr<std::string>> Election::Leader() {
  auto contenders = co_await Contenders();
  if (!contenders.ok()) co_return contenders.status();
  if (contenders->empty()) co_return absl::NotFoundError("nobody stands for election");
  co_return std::move(contenders->front());
}

}  // namespace rookery::client::recipes
