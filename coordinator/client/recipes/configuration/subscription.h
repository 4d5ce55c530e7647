// A value that follows a node: configuration that people change while programs run.
//
// Guarantees. The first value is told once it is read, and the last value always is; values in
// between may be skipped, none is told twice. While the node is missing, Missing is told. A value
// that cannot be parsed is told as an error and the one before stays in force.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "coordinator/client/recipes/cache/tree_cache.h"

namespace rookery::client::recipes {

// Lives on the client's executor, and ends before the client.
template <typename Value>
class Subscription {
 public:
  struct Told {
    Value value;
    int32_t version = 0;   // of the node's data: what a setData that builds on it must name
    model::Zxid zxid = 0;  // of the change
  };
  // Makes a value of a node's data; null data is "".
  using Parse = std::function<absl::StatusOr<Value>(const std::string&)>;
  // NotFound: there is no such node (now). Aborted: the session is over, nothing follows. Other
  // errors: what Parse said.
  using OnValue = absl::AnyInvocable<void(const absl::StatusOr<Told>&)>;

  Subscription(Client* client, std::string path, Parse parse, OnValue on_value)
      : path_(std::move(path)), parse_(std::move(parse)), on_value_(std::move(on_value)) {
    TreeCache::Observer observer;
    observer.on_change = [this](TreeCache::Change change, const std::string&,
                                const TreeCache::Node& node) {
      if (change == TreeCache::Change::kRemoved) return;  // on_settled tells what it came to
      absl::StatusOr<Value> value = parse_(node.data.value_or(""));
      if (!value.ok()) {
        on_value_(absl::Status(value.status().code(),
                               absl::StrCat(path_, ": ", value.status().message())));
        return;
      }
      current_ = Told{*std::move(value), node.stat.version, node.stat.mzxid};
      on_value_(*current_);
    };
    observer.on_settled = [this] {
      if (!cache_->nodes().empty()) {
        missing_ = false;
        return;
      }
      if (std::exchange(missing_, true)) return;
      current_.reset();
      on_value_(absl::NotFoundError(absl::StrCat("there is no node ", path_)));
    };
    observer.on_end = [this](const absl::Status& why) { on_value_(why); };
    cache_ = std::make_unique<TreeCache>(client, path_, 0, std::move(observer));
  }

  // The value in force; nullopt: none was told, or the node is gone.
  const std::optional<Told>& current() const { return current_; }

 private:
  const std::string path_;
  Parse parse_;
  OnValue on_value_;
  std::optional<Told> current_;
  bool missing_ = false;
  std::unique_ptr<TreeCache> cache_;
};

}  // namespace rookery::client::recipes
