// What the node layer costs, in CPU time: ns per Find and Put on the core, us per node of a flush
// and of a load off it, and memory. On a real disk, in the present directory:
//
//   store_bench [nodes (1000000)] [bytes of data (100)]
#include <time.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "coordinator/base/check.h"
#include "coordinator/base/clock.h"
#include "coordinator/base/random.h"
#include "coordinator/store/node_store.h"
#include "coordinator/store/rocks/rocks_base.h"

namespace rookery::store {
namespace {

// Everything in this thread, so that each step can be measured alone.
class Queue final : public Executor, public BackgroundExecutor {
 public:
  void Post(Task task) override { tasks_.push_back(std::move(task)); }
  void Run(Task task) override { tasks_.push_back(std::move(task)); }
  TimerId RunAfter(int64_t, Task) override { return 0; }
  void Cancel(TimerId) override {}
  bool IsCurrent() const override { return true; }
  bool RunOne() {
    if (tasks_.empty()) return false;
    Task task = std::move(tasks_.front());
    tasks_.pop_front();
    task();
    return true;
  }

 private:
  std::deque<Task> tasks_;
};

double ResidentMiB() {
  std::ifstream statm("/proc/self/statm");
  uint64_t size = 0;
  uint64_t resident = 0;
  statm >> size >> resident;
  return static_cast<double>(resident) * sysconf(_SC_PAGESIZE) / (1 << 20);
}

// Of this thread's CPU time: other work on the machine does not count.
double SecondsOf(const std::function<void()>& work) {
  const auto now = [] {
    timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
  };
  const double begin = now();
  work();
  return now() - begin;
}

void Report(const std::string& what, double seconds, size_t count) {
  std::printf("%-52s %9.1f ns each\n", what.c_str(), seconds * 1e9 / static_cast<double>(count));
}

class Bench {
 public:
  Bench(size_t nodes, size_t bytes) : bytes_(bytes) {
    for (size_t i = 0; i < nodes; ++i) {
      paths_.push_back(absl::StrFormat("%s/node-%08d", ParentPath(i % kParents), i));
    }
    directory_ = std::filesystem::current_path() / absl::StrCat("store_bench.", getpid());
    std::filesystem::create_directory(directory_);
  }
  ~Bench() {
    Close();
    std::filesystem::remove_all(directory_);
  }

  // As a server does it: the default budget, a flush when one is due.
  void Serve() {
    const double before = ResidentMiB();
    Open(StoreOptions());
    store_->Put("/", Node());
    store_->Put("/bench", Node());
    for (int i = 0; i < kParents; ++i) store_->Put(ParentPath(i), Node());
    int flushes = 0;
    Report("create as a server does, with its flushes", SecondsOf([&] {
             for (size_t i = 0; i < paths_.size(); ++i) {
               auto pin = store_->Load({.nodes = {ParentPath(i % kParents), paths_[i]}},
                                       [](absl::Status) {});
               RunAll();
               Node parent = *store_->Find(ParentPath(i % kParents)).node;
               ++parent.num_children;
               store_->Put(ParentPath(i % kParents), std::move(parent));
               store_->Put(paths_[i], NewNode());
               if (!store_->FlushDue(0)) continue;
               ++flushes;
               store_->Flush([](absl::Status status) { ROOKERY_CHECK(status.ok()); });
             }
             RunAll();
           }),
           paths_.size());
    const NodeStore::Usage usage = store_->GetUsage();
    std::printf("%-52s %9d, %llu loads asked the base\n", "flushes", flushes,
                static_cast<unsigned long long>(usage.loads));
    std::printf("%-52s %9.1f MiB (layer says %.1f)\n", "resident after it", ResidentMiB() - before,
                static_cast<double>(usage.active_bytes + usage.clean_bytes + usage.filter_bytes) /
                    (1 << 20));
    Close();
    state_name_.clear();
    std::filesystem::remove_all(directory_);
    std::filesystem::create_directory(directory_);
  }

  void Run() {
    Open(StoreOptions{.memory_budget_bytes = uint64_t{4} << 30});
    RunAll();
    CreateAll();
    PutAndFindAll();
    FlushAll();
    Restart();
    LoadAll();
    ListAll();
    ScanAll();
  }

 private:
  static constexpr int kParents = 100;
  static std::string ParentPath(size_t i) { return absl::StrFormat("/bench/parent-%03d", i); }

  void Open(const StoreOptions& options) {
    base_ = OpenRocksBase({.data_dir = directory_, .state_name = state_name_}).value();
    state_name_ = base_->name();
    store_ = CreateNodeStore(options, base_, {.core = &core_, .load = &load_, .flush = &flush_},
                             &SystemClock());
  }
  void Close() {
    while (core_.RunOne() || load_.RunOne() || flush_.RunOne()) {
    }
    store_.reset();
    base_.reset();
  }
  void RunAll() {
    while (core_.RunOne() || load_.RunOne() || flush_.RunOne()) {
    }
  }
  Node NewNode() const {
    Node node;
    node.data = std::string(bytes_, 'x');
    node.czxid = node.mzxid = node.pzxid = int64_t{1} << 32;
    node.ctime_ms = node.mtime_ms = 1'700'000'000'000;
    return node;
  }
  // In a random order, the same in each run.
  std::vector<size_t> Order() {
    std::vector<size_t> order(paths_.size());
    for (size_t i = 0; i < order.size(); ++i) order[i] = i;
    for (size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random_.Below(i)]);
    return order;
  }

  void CreateAll() {
    store_->Put("/", Node());
    store_->Put("/bench", Node());
    for (int i = 0; i < kParents; ++i) {
      Node parent;
      parent.num_children = static_cast<int32_t>(paths_.size() / kParents);
      store_->Put(ParentPath(i), std::move(parent));
    }
    Report("Put that creates", SecondsOf([&] {
             for (const std::string& path : paths_) store_->Put(path, NewNode());
           }),
           paths_.size());
  }
  void PutAndFindAll() {
    const std::vector<size_t> order = Order();
    Report("Put that changes, any order", SecondsOf([&] {
             for (const size_t i : order) store_->Put(paths_[i], NewNode());
           }),
           paths_.size());
    size_t found = 0;
    Report("Find, any order", SecondsOf([&] {
             for (const size_t i : order) found += store_->Find(paths_[i]).node != nullptr;
           }),
           paths_.size());
    ROOKERY_CHECK(found == paths_.size());
    Report("Find, one of 1000", SecondsOf([&] {
             for (size_t i = 0; i < order.size(); ++i) {
               found += store_->Find(paths_[order[i % 1000]]).node != nullptr;
             }
           }),
           paths_.size());
  }
  void FlushAll() {
    store_->Flush([](absl::Status status) { ROOKERY_CHECK(status.ok()) << status.message(); });
    Report("flush, off the core", SecondsOf([&] { flush_.RunOne(); }), paths_.size());
    Report("flush, on the core", SecondsOf([&] {
             while (core_.RunOne()) {
             }
           }),
           paths_.size());
    RunAll();
    // Again, half as changes: they supersede nothing, now that they are clean.
    Report("Put that changes clean ones", SecondsOf([&] {
             for (const std::string& path : paths_) store_->Put(path, NewNode());
           }),
           paths_.size());
    store_->Flush([](absl::Status status) { ROOKERY_CHECK(status.ok()) << status.message(); });
    Report("Put that supersedes frozen ones", SecondsOf([&] {
             for (size_t i = 0; i < 100'000 && i < paths_.size(); ++i) {
               store_->Put(paths_[i], NewNode());
             }
           }),
           std::min<size_t>(100'000, paths_.size()));
    RunAll();
    store_->Flush([](absl::Status status) { ROOKERY_CHECK(status.ok()) << status.message(); });
    RunAll();
  }
  void Restart() {
    Close();
    std::printf("%-52s %9.1f ms\n", "open after a restart",
                SecondsOf([&] { Open(StoreOptions()); }) * 1e3);
  }
  void LoadAll() {
    const std::vector<size_t> order = Order();
    constexpr size_t kBatch = 64;
    const auto load = [&](const std::function<std::string(size_t)>& path_of) {
      for (size_t i = 0; i + kBatch <= order.size(); i += kBatch) {
        LoadSet set;
        for (size_t k = 0; k < kBatch; ++k) set.nodes.push_back(path_of(order[i + k]));
        auto pin = store_->Load(std::move(set), [](absl::Status) {});
        RunAll();
      }
    };
    Report("load, 64 at once, any order, all threads together",
           SecondsOf([&] { load([&](size_t i) { return paths_[i]; }); }), order.size());
    Report("load of absent ones, the same",
           SecondsOf([&] { load([&](size_t i) { return paths_[i] + "-no"; }); }), order.size());
    std::printf("%-52s %9.1f MiB (layer says %.1f)\n", "resident with the default budget",
                ResidentMiB(), static_cast<double>(store_->GetUsage().clean_bytes) / (1 << 20));
  }
  void ListAll() {
    Report("list of children, per child", SecondsOf([&] {
             size_t children = 0;
             for (int i = 0; i < kParents; ++i) {
               const std::string parent = ParentPath(i);
               auto pin = store_->Load({.child_lists = {parent}}, [](absl::Status) {});
               RunAll();
               children += store_->Children(parent)->size();
             }
             ROOKERY_CHECK(children == paths_.size()) << children;
           }),
           paths_.size());
  }
  void ScanAll() {
    std::shared_ptr<NodeStore::View> view;
    store_->OpenView([&](auto opened) { view = *std::move(opened); });
    RunAll();
    Report("scan of a view, per node", SecondsOf([&] {
             size_t seen = 0;
             const absl::Status status =
                 view->Scan("/", "", [&](absl::string_view, const Node&) { return ++seen > 0; });
             ROOKERY_CHECK(status.ok() && seen == paths_.size() + kParents + 2) << seen;
           }),
           paths_.size());
  }

  const size_t bytes_;
  std::vector<std::string> paths_;
  std::filesystem::path directory_;
  std::string state_name_;
  Queue core_;
  Queue load_;
  Queue flush_;
  Random random_{1};
  std::shared_ptr<Base> base_;
  std::unique_ptr<NodeStore> store_;
};

}  // namespace
}  // namespace rookery::store

int main(int argc, char** argv) {
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  const size_t nodes = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1'000'000;
  const size_t bytes = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 100;
  rookery::store::Bench bench(nodes, bytes);
  bench.Serve();
  bench.Run();
  return 0;
}
