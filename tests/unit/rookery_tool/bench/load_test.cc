#include "tools/rookery/bench/load.h"

#include <gtest/gtest.h>

#include <numeric>

#include "coordinator/wire/zookeeper/request.h"
#include "tests/unit/rookery_tool/bench/null_server.h"
#include "tools/rookery/bench/report.h"

namespace rookery::tools::bench {
namespace {

TEST(HistogramTest, QuantilesAreExactToAThirtySecond) {
  Histogram histogram;
  for (uint64_t value = 1; value <= 100'000; ++value) histogram.Add(value);
  EXPECT_EQ(histogram.count(), 100'000u);
  EXPECT_EQ(histogram.max(), 100'000u);
  EXPECT_NEAR(histogram.mean(), 50'000.5, 0.01);
  for (const double quantile : {0.01, 0.5, 0.9, 0.99, 0.999}) {
    const double exact = quantile * 100'000;
    EXPECT_GE(histogram.Quantile(quantile), exact);
    EXPECT_LE(histogram.Quantile(quantile), exact * 33 / 32 + 1);
  }
}

TEST(HistogramTest, SmallAndHugeValuesHaveAPlace) {
  Histogram histogram;
  EXPECT_EQ(histogram.Quantile(0.5), 0u);
  histogram.Add(0);
  histogram.Add(UINT64_MAX);
  EXPECT_EQ(histogram.Quantile(0), 0u);
  EXPECT_EQ(histogram.Quantile(1), UINT64_MAX);
}

TEST(RequestTemplateTest, PatchedFrameIsTheRequest) {
  KeySpace keys{"/load", 100};
  std::string out;
  RequestTemplate(Op::kSet, keys, 5).Append(77, 123456, &out);
  RequestTemplate(Op::kGet, keys, 5).Append(-1, 99, &out);
  wire::FrameSplitter splitter(1000, wire::FrameSplitter::FirstBytes::kFrame);
  splitter.Append(out);
  const auto set = wire::DecodeRequest(splitter.Next().bytes);
  ASSERT_TRUE(set.has_value());
  EXPECT_EQ(set->xid, 77);
  EXPECT_EQ(std::get<model::SetDataRequest>(std::get<model::WriteOperation>(set->body)),
            (model::SetDataRequest{"/load/p0056/n000123456", "xxxxx", -1}));
  const auto get = wire::DecodeRequest(splitter.Next().bytes);
  ASSERT_TRUE(get.has_value());
  EXPECT_EQ(get->xid, -1);
  EXPECT_EQ(std::get<model::GetDataRequest>(std::get<model::ReadOperation>(get->body)).path,
            KeyPath(keys, 99));
}

LoadOptions OptionsFor(const NullServer& server) {
  LoadOptions options;
  options.servers = {server.address()};
  options.connections = 4;
  options.inflight = 16;
  return options;
}

TEST(LoadTest, CountIsKeptExactly) {
  NullServer server;
  LoadOptions options = OptionsFor(server);
  options.count = 12345;
  options.threads = 2;
  const auto result = RunLoad(options);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->operations, 12345u);
  EXPECT_EQ(result->latency_ns.count(), 12345u);
  EXPECT_TRUE(result->errors.empty());
  EXPECT_GT(result->OperationsPerSecond(), 0);
}

TEST(LoadTest, ErrorsAreCountedApart) {
  NullServer server(10);
  LoadOptions options = OptionsFor(server);
  options.count = 1000;
  const auto result = RunLoad(options);
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->operations, 900u);
  EXPECT_EQ(result->errors, (std::map<int32_t, uint64_t>{{-101, 100}}));
  EXPECT_NE(LoadText(*result).find("100 answers were errors: NoNode (-101)"), std::string::npos);
  EXPECT_NE(LoadJson(options, *result).find("\"errors\":{\"NoNode\":100}"), std::string::npos);
}

TEST(LoadTest, TimeIsKeptAndWarmUpNotCounted) {
  NullServer server;
  LoadOptions options = OptionsFor(server);
  options.seconds = 0.2;
  options.warmup_seconds = 0.2;
  const auto result = RunLoad(options);
  ASSERT_TRUE(result.ok());
  EXPECT_NEAR(result->seconds, 0.2, 0.001);
  EXPECT_GT(result->operations, 0u);
  EXPECT_LT(result->operations, server.requests());
}

TEST(LoadTest, NobodyThereIsUnavailable) {
  LoadOptions options;
  {
    NullServer server;
    options = OptionsFor(server);
  }
  EXPECT_EQ(RunLoad(options).status().code(), absl::StatusCode::kUnavailable);
}

// The load must never be what is measured. The bound lies far below what a free core does, so that
// a busy machine does not fail it; the figure itself is printed.
TEST(LoadTest, IsNotTheBottleneck) {
  NullServer server;
  LoadOptions options = OptionsFor(server);
  options.connections = 32;
  options.inflight = 64;
  options.count = 500'000;
  const auto result = RunLoad(options);
  ASSERT_TRUE(result.ok());
  RecordProperty("operations_per_second", static_cast<int>(result->OperationsPerSecond()));
  std::cout << LoadText(*result);
  EXPECT_GT(result->OperationsPerSecond(), 60'000);
}

}  // namespace
}  // namespace rookery::tools::bench
