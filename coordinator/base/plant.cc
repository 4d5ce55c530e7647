#include "coordinator/base/plant.h"

#ifdef ROOKERY_PLANTS

#include <atomic>
#include <cstdlib>

namespace rookery::plants {
namespace {

constexpr int kNone = -1;

int Find(absl::string_view name) {
  for (size_t i = 0; i < All().size(); ++i) {
    if (All()[i].name == name) return static_cast<int>(i);
  }
  return kNone;
}

std::atomic<int>& Active() {
  static std::atomic<int> active = [] {
    const char* const name = std::getenv("ROOKERY_PLANT");
    return name == nullptr ? kNone : Find(name);
  }();
  return active;
}

}  // namespace

const std::vector<Description>& All() {
  static const auto* const kAll = new std::vector<Description>{
#define ROW(plant, name, what) {name, what},
      ROOKERY_PLANTS_LIST(ROW)
#undef ROW
#define ROW(plant, name, what) {name, what, true},
          ROOKERY_RECIPE_PLANTS_LIST(ROW)
#undef ROW
  };
  return *kAll;
}

bool IsActive(Plant plant) {
  return Active().load(std::memory_order_relaxed) == static_cast<int>(plant);
}

bool Activate(absl::string_view name) {
  const int found = name.empty() ? kNone : Find(name);
  Active() = found;
  return name.empty() || found != kNone;
}

}  // namespace rookery::plants

#endif
