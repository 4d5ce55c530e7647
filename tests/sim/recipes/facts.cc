#include "tests/sim/recipes/facts.h"

#include "absl/strings/str_cat.h"

namespace rookery::sim {
namespace {

constexpr absl::string_view kNames[] = {
    "lock",    "shared-lock",    "election",  "queue", "confirmed-queue",
    "barrier", "double-barrier", "counter",   "ids",   "subscription",
    "group",   "discovery",      "tree-cache"};
static_assert(std::size(kNames) == static_cast<size_t>(Recipe::kCount));

}  // namespace

absl::string_view NameOf(Recipe recipe) { return kNames[static_cast<size_t>(recipe)]; }
std::string PathOf(Recipe recipe) { return absl::StrCat("/recipes/", NameOf(recipe)); }

}  // namespace rookery::sim
