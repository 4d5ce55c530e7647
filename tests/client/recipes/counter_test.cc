#include "coordinator/client/recipes/counter/counter.h"

#include <future>
#include <set>

#include "coordinator/client/recipes/counter/ids.h"
#include "tests/client/recipes/world.h"

namespace rookery::client::recipes {
namespace {

class CounterTest : public RecipeTest {};

TEST_P(CounterTest, CountsWhatManyAdd) {
  constexpr int kClients = 4, kAdds = 25;
  std::vector<std::future<void>> adding;
  for (int i = 0; i < kClients; ++i) {
    adding.push_back(std::async(std::launch::async, [] {
      auto client = Open();
      auto counter = client->Make<Counter>(Path());
      for (int n = 0; n < kAdds; ++n) ASSERT_TRUE(client->Await(counter->Add(2)).ok());
    }));
  }
  for (auto& one : adding) one.get();
  auto client = Open();
  auto counter = client->Make<Counter>(Path());
  const auto value = client->Await(counter->Get());
  ASSERT_TRUE(value.ok()) << value.status();
  EXPECT_EQ(value->value, 2 * kClients * kAdds);
  EXPECT_EQ(value->version, kClients * kAdds);
  EXPECT_EQ(client->GetData(Path()).value.data, "200");
  EXPECT_TRUE(absl::IsAborted(client->Await(counter->CompareAndSet(3, 7)).status()));
  EXPECT_EQ(client->Await(counter->CompareAndSet(value->version, 7))->value, 7);
}

TEST_P(CounterTest, HasCuratorsFormatsAndTheirLimits) {
  auto client = Open();
  CounterOptions options;
  options.format = CounterFormat::kInt32;
  auto small = client->Make<Counter>(Path("-32"), options);
  EXPECT_EQ(client->Await(small->Add(-2))->value, -2);
  EXPECT_EQ(client->GetData(Path("-32")).value.data, std::string("\xff\xff\xff\xfe", 4));
  EXPECT_TRUE(absl::IsOutOfRange(client->Await(small->Add(-2147483647)).status()));
  options.format = CounterFormat::kInt64;
  auto big = client->Make<Counter>(Path("-64"), options);
  EXPECT_EQ(client->Await(big->Add(258))->value, 258);
  EXPECT_EQ(client->GetData(Path("-64")).value.data, std::string("\0\0\0\0\0\0\1\2", 8));
  EXPECT_TRUE(absl::IsOutOfRange(client->Await(big->Add(INT64_MAX)).status()));
  // What is no number is said.
  auto text = client->Make<Counter>(Path("-32"));
  EXPECT_TRUE(absl::IsInvalidArgument(client->Await(text->Get()).status()));
}

TEST_P(CounterTest, IdsAreNeverGivenTwice) {
  std::vector<std::future<std::vector<int64_t>>> taking;
  for (int i = 0; i < 3; ++i) {
    taking.push_back(std::async(std::launch::async, [] {
      auto client = Open();
      auto ids = client->Make<Ids>(Path(), 10);
      std::vector<int64_t> mine;
      for (int n = 0; n < 35; ++n) mine.push_back(*client->Await(ids->Next()));
      EXPECT_TRUE(std::is_sorted(mine.begin(), mine.end()));
      return mine;
    }));
  }
  std::set<int64_t> all;
  size_t given = 0;
  for (auto& one : taking) {
    for (const int64_t id : one.get()) {
      all.insert(id);
      ++given;
    }
  }
  EXPECT_EQ(all.size(), given);
  EXPECT_EQ(*all.begin(), 0);
}

INSTANTIATE_TEST_SUITE_P(Over, CounterTest,
                         ::testing::Values(Protocol::kZooKeeper, Protocol::kGrpc), ProtocolName);

}  // namespace
}  // namespace rookery::client::recipes
