#include "coordinator/tree/quota.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "coordinator/base/limits.h"
#include "coordinator/model/path.h"

namespace rookery::tree {
namespace {

constexpr absl::string_view kRoot = "/zookeeper/quota";
constexpr absl::string_view kLimits = "zookeeper_limits";
constexpr absl::string_view kStatistics = "zookeeper_stats";

// Goes down /zookeeper/quota beside `path`, "/a/b" over /zookeeper/quota/a and .../a/b, as long as
// there are nodes. find(path) gives a node or null; visit(place) is called for each that has
// children.
template <typename Find, typename Visit>
void WalkBeside(absl::string_view path, const Find& find, const Visit& visit) {
  const store::Node* node = find(kRoot);
  if (path.size() < 2) return;
  std::string place(kRoot);
  for (size_t begin = 0; begin < path.size() && node != nullptr && node->num_children > 0;) {
    const size_t end = std::min(path.find('/', begin + 1), path.size());
    place.append(path.data() + begin, end - begin);
    node = find(place);
    if (node != nullptr && node->num_children > 0) visit(place);
    begin = end;
  }
}

// The place of the deepest quota over `path`, /zookeeper/quota<P>; empty: none. The root's is none.
std::string PlaceOfQuota(absl::string_view path, Overlay& tree) {
  std::string deepest;
  WalkBeside(
      path, [&](absl::string_view place) { return tree.Find(place); },
      [&](const std::string& place) {
        if (tree.Find(model::ChildPath(place, kLimits)) != nullptr) deepest = place;
      });
  return deepest;
}

// True if `limit`, when it is set, lies below what there will be.
bool Exceeds(const QuotaNumbers& limits, absl::string_view limit, const QuotaNumbers& used,
             absl::string_view number, int64_t more) {
  if (more == 0 || limits.Get(limit) < 0) return false;
  QuotaNumbers after = used;
  after.Add(number, more);
  return after.Get(number) > limits.Get(limit);
}

// Without the old text, which may be long.
void PutText(const std::string& path, const store::Node& old, std::string text, Overlay& tree) {
  store::Node node = old.WithoutData();
  node.data = std::move(text);
  tree.Put(path, std::move(node));
}

}  // namespace

bool ExceedsQuota(absl::string_view path, const Usage& more, Overlay& tree) {
  const std::string place = PlaceOfQuota(path, tree);
  if (place.empty()) return false;
  const store::Node* found = tree.Find(model::ChildPath(place, kLimits));
  if (found == nullptr) return false;
  const QuotaNumbers limits = QuotaNumbers::Parse(found->data);
  found = tree.Find(model::ChildPath(place, kStatistics));
  if (found == nullptr) return false;
  const QuotaNumbers used = QuotaNumbers::Parse(found->data);
  return Exceeds(limits, QuotaNumbers::kCountHardLimit, used, QuotaNumbers::kCount, more.nodes) ||
         Exceeds(limits, QuotaNumbers::kByteHardLimit, used, QuotaNumbers::kBytes, more.bytes);
}

void CountForQuota(absl::string_view path, const Usage& change, Overlay& tree) {
  const std::string place = PlaceOfQuota(path, tree);
  if (place.empty()) return;
  const std::string statistics = model::ChildPath(place, kStatistics);
  const store::Node* node = tree.Find(statistics);
  if (node == nullptr) return;
  QuotaNumbers used = QuotaNumbers::Parse(node->data);
  used.Add(QuotaNumbers::kCount, change.nodes);
  used.Add(QuotaNumbers::kBytes, change.bytes);
  PutText(statistics, *node, used.ToText(), tree);
}

bool IsQuotaStatistics(absl::string_view path) {
  return absl::ConsumePrefix(&path, kRoot) && absl::ConsumeSuffix(&path, kStatistics) &&
         !path.empty() && path.front() == '/' && path.back() == '/';
}

bool FillQuotaStatistics(absl::string_view path, Overlay& tree) {
  const absl::string_view place = model::ParentPath(path);
  const absl::string_view top = place == kRoot ? "/" : place.substr(kRoot.size());
  const std::optional<Usage> usage = tree.UsageBelow(top, limits::kQuotaNodesMax);
  if (!usage.has_value()) return false;
  const store::Node* node = tree.Find(path);
  if (node == nullptr) return true;
  QuotaNumbers used;
  used.Set(QuotaNumbers::kCount, usage->nodes);
  used.Set(QuotaNumbers::kBytes, usage->bytes);
  PutText(std::string(path), *node, used.ToText(), tree);
  return true;
}

void TouchQuota(absl::string_view path, const store::NodeStore& store, store::LoadSet* set) {
  WalkBeside(
      path,
      [&](absl::string_view place) {
        set->nodes.emplace_back(place);
        return store.Find(place).node;
      },
      [&](const std::string& place) {
        set->nodes.push_back(model::ChildPath(place, kLimits));
        set->nodes.push_back(model::ChildPath(place, kStatistics));
      });
}

}  // namespace rookery::tree
