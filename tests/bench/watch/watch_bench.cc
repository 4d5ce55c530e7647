// A server with a million watches: what registering, firing and a lost connection cost.
#include <benchmark/benchmark.h>
#include <malloc.h>

#include "absl/strings/str_cat.h"
#include "coordinator/watch/watch_table.h"

namespace rookery::watch {
namespace {

constexpr int kWatches = 1'000'000;
constexpr int kConnections = 1'000;

std::string PathOf(int i) { return absl::StrCat("/bench/", i % 100, "/node-", i); }

void Fill(WatchTable* table) {
  for (int i = 0; i < kWatches; ++i) table->Add(i % kConnections, PathOf(i), WatchKind::kData);
}

void BM_AddMillionWatches(benchmark::State& state) {
  for (auto _ : state) {
    const size_t before = mallinfo2().uordblks;
    WatchTable table;
    Fill(&table);
    state.counters["bytes_per_watch"] =
        static_cast<double>(mallinfo2().uordblks - before) / kWatches;
    state.PauseTiming();
    table.Clear();
    state.ResumeTiming();
  }
  state.SetItemsProcessed(state.iterations() * kWatches);
}
BENCHMARK(BM_AddMillionWatches)->Unit(benchmark::kMillisecond);

void BM_FireAndRegisterAgain(benchmark::State& state) {
  WatchTable table;
  Fill(&table);
  int i = 0;
  for (auto _ : state) {
    const int at = static_cast<int>((i++ * 7919LL) % kWatches);
    const model::Change change = {
        .kind = model::Change::Kind::kDataChanged, .path = PathOf(at), .acl = model::OpenAcl()};
    benchmark::DoNotOptimize(
        table.Fire(change, 1, [](ConnectionId, const model::Acl&) { return true; }));
    table.Add(at % kConnections, change.path, WatchKind::kData);
  }
}
BENCHMARK(BM_FireAndRegisterAgain);

void BM_DropConnectionOfAThousandWatches(benchmark::State& state) {
  WatchTable table;
  Fill(&table);
  ConnectionId connection = 0;
  for (auto _ : state) {
    table.Drop(connection);
    state.PauseTiming();
    for (int i = static_cast<int>(connection); i < kWatches; i += kConnections) {
      table.Add(connection, PathOf(i), WatchKind::kData);
    }
    connection = (connection + 1) % kConnections;
    state.ResumeTiming();
  }
}
BENCHMARK(BM_DropConnectionOfAThousandWatches)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace rookery::watch
