// Cost of Apply per request, batches of 64 as the leader makes them, all nodes in memory.
#include <benchmark/benchmark.h>

#include "tests/unit/machine/machine_fixture.h"

namespace rookery::machine {
namespace {

constexpr int kBatch = 64;
constexpr int kNodes = 100'000;

std::string PathOf(int i) { return absl::StrCat("/bench/", i % 100, "/node-", i); }

class Bench {
 public:
  Bench() {
    fixture_.Begin();
    session_ = fixture_.OpenSession();
    owner_ = fixture_->FindSession(session_)->owner;
    fixture_.Apply(Create("/bench"));
    for (int i = 0; i < 100; ++i) fixture_.Apply(Create(absl::StrCat("/bench/", i)));
  }
  void Fill() {
    for (int i = 0; i < kNodes; ++i) fixture_.Apply(Create(PathOf(i), std::string(100, 'x')));
  }
  std::string Encode(const std::vector<model::WriteOperation>& operations) {
    wire::TicketRun run{1, 1, fixture_.LastTicket() + 1, {}};
    for (const model::WriteOperation& operation : operations) {
      run.requests.push_back({.session = session_,
                              .owner = owner_,
                              .credentials = {.identities = {{"ip", "127.0.0.1"}}},
                              .operation = operation});
    }
    return wire::EncodeLogEntry({.time_ms = 1'700'000'000'000, .body = wire::Batch{{run}}});
  }
  // Loads ahead as the service does once nodes turn out missing.
  void Apply(std::string bytes) {
    std::unique_ptr<store::Pin> pin;
    fixture_->BeginEntry(fixture_->applied_index() + 1, 1, bytes);
    for (;;) {
      Outcome outcome;
      const Step step = fixture_->Next(&outcome);
      benchmark::DoNotOptimize(outcome);
      if (step == Step::kFinished) return;
      if (step == Step::kMissing) pin = fixture_.Load(fixture_->Touches(bytes));
    }
  }
  MachineFixture& fixture() { return fixture_; }

 private:
  MachineFixture fixture_{store::StoreOptions{.memory_budget_bytes = uint64_t{4} << 30}};
  model::SessionId session_ = 0;
  model::Owner owner_;
};

// Runs batches that `make` gives, timing Apply alone.
template <typename Make>
void Run(benchmark::State& state, Bench& bench, const Make& make) {
  int i = 0;
  for (auto _ : state) {
    state.PauseTiming();
    std::vector<model::WriteOperation> operations;
    for (int k = 0; k < kBatch; ++k) operations.push_back(make(i++));
    std::string bytes = bench.Encode(operations);
    state.ResumeTiming();
    bench.Apply(std::move(bytes));
  }
  state.SetItemsProcessed(state.iterations() * kBatch);
}

void BM_SetData(benchmark::State& state) {
  Bench bench;
  bench.Fill();
  Run(state, bench, [](int i) -> model::WriteOperation {
    return SetData(PathOf(static_cast<int>((i * 7919LL) % kNodes)), std::string(100, 'y'));
  });
}
BENCHMARK(BM_SetData);

void BM_Create(benchmark::State& state) {
  Bench bench;
  Run(state, bench,
      [](int i) -> model::WriteOperation { return Create(PathOf(i), std::string(100, 'x')); });
}
BENCHMARK(BM_Create);

void BM_CreateEphemeralThenDelete(benchmark::State& state) {
  Bench bench;
  Run(state, bench, [](int i) -> model::WriteOperation {
    if (i % 2 == 0) return Create(PathOf(i), std::string(100, 'x'), model::kEphemeral);
    return Delete(PathOf(i - 1));
  });
}
BENCHMARK(BM_CreateEphemeralThenDelete);

void BM_Decode(benchmark::State& state) {
  Bench bench;
  std::vector<model::WriteOperation> operations;
  for (int k = 0; k < kBatch; ++k) operations.push_back(SetData(PathOf(k), std::string(100, 'y')));
  const std::string bytes = bench.Encode(operations);
  for (auto _ : state) benchmark::DoNotOptimize(wire::DecodeLogEntry(bytes));
  state.SetItemsProcessed(state.iterations() * kBatch);
}
BENCHMARK(BM_Decode);

// What a stage in front of Apply would cost where all nodes are in memory (docs/adr/0006).
void BM_TouchAndPin(benchmark::State& state) {
  Bench bench;
  bench.Fill();
  std::vector<model::WriteOperation> operations;
  for (int k = 0; k < kBatch; ++k) operations.push_back(SetData(PathOf(k * 131), "y"));
  const std::string bytes = bench.Encode(operations);
  for (auto _ : state) {
    benchmark::DoNotOptimize(bench.fixture().Load(bench.fixture()->Touches(bytes)));
  }
  state.SetItemsProcessed(state.iterations() * kBatch);
}
BENCHMARK(BM_TouchAndPin);

void BM_GetData(benchmark::State& state) {
  Bench bench;
  bench.Fill();
  std::vector<std::string> paths;
  for (int i = 0; i < kNodes; ++i) {
    paths.push_back(PathOf(static_cast<int>((i * 7919LL) % kNodes)));
  }
  const model::Credentials who = {.identities = {{"ip", "127.0.0.1"}}};
  size_t i = 0;
  model::Reply reply;
  for (auto _ : state) {
    bench.fixture()->Read(model::GetDataRequest{paths[i++ % paths.size()]}, who, &reply);
    benchmark::DoNotOptimize(reply);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_GetData);

}  // namespace
}  // namespace rookery::machine
