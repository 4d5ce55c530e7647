// The container nodes, by whether they hold something: an index of the tree, so that the leader
// finds those to delete without looking at any node. A function of the nodes alone; what it holds
// of a container is written through to the store's rows.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "coordinator/machine/machine.h"
#include "coordinator/store/node_store.h"

namespace rookery::machine {

class ContainerTable {
 public:
  // What the name of every row begins with, and the row's value for a container as it is.
  static constexpr char kRowKind = 'c';
  static std::string RowOf(const store::Node& container);

  // `store` outlives the table. Recover() before anything else.
  explicit ContainerTable(store::NodeStore* store) : store_(store) {}
  // Reads the rows. DataLoss: a row that is not ours.
  absl::Status Recover();

  // A container came or changed. REQUIRES: node.IsContainer().
  void Put(const std::string& path, const store::Node& node);
  void Erase(const std::string& path);

  // It is still what the leader saw.
  bool Holds(const EmptyContainer& seen) const;
  // As Machine::EmptyContainers.
  std::vector<EmptyContainer> Empty(int64_t unused_before_ms, size_t count_max) const;
  uint64_t size() const { return containers_.size(); }

 private:
  enum class Kind : uint8_t {
    kHolding = 0,  // children
    kEmptied = 1,  // had some
    kUnused = 2,   // never had one
  };
  struct Container {
    Kind kind = Kind::kHolding;
    int64_t mtime_ms = 0;  // of an unused one, else 0
    bool operator==(const Container&) const = default;
  };
  static Container Of(const store::Node& node);
  static std::string Encode(const Container& container);
  void Set(const std::string& path, const Container& container);

  store::NodeStore* const store_;
  std::map<std::string, Container> containers_;  // by path
  // Views of the keys above.
  std::set<absl::string_view> emptied_;
  std::set<absl::string_view> unused_;
};

}  // namespace rookery::machine
