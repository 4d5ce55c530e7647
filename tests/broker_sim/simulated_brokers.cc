#include "tests/broker_sim/simulated_brokers.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "coordinator/base/net/free_port.h"
#include "coordinator/client/factory/client_factory.h"
#include "coordinator/kafka/broker.h"
#include "coordinator/kafka/paths.h"

namespace rookery::broker_sim {
namespace {

constexpr auto kPatience = std::chrono::seconds(60);
constexpr char kReadsFeatures[] = "getData /feature watch";

}  // namespace

SimulatedBrokers::SimulatedBrokers(int32_t count, Ids ids) {
  const int port = FreePort();
  servers_ = absl::StrCat("127.0.0.1:", port);
  std::ofstream(directory_.path() / "zoo.cfg")
      << "tickTime=500\ndataDir=" << directory_.path().string() << "/data\nclientPort=" << port
      << "\nclientPortAddress=127.0.0.1\ngrpcPort=none\nadmin.enableServer=false\n"
      << "preload.kafka=false\n";
  server_ = testing::ChildProcess({ROOKERYD_PROGRAM, (directory_.path() / "zoo.cfg").string()},
                                  (directory_.path() / "log").string());
  for (int32_t id = 0; id < count; ++id) MakeBroker(id, static_cast<uint16_t>(port), ids);
  core_.Start("brokers");
}

SimulatedBrokers::~SimulatedBrokers() {
  core_.Stop();
  for (auto& [id, member] : members_) member.broker.reset();
}

// As the recorded brokers were configured: without rebalancing by the clock.
void SimulatedBrokers::MakeBroker(int32_t id, uint16_t port, Ids ids) {
  Member& member = members_[id];
  BrokerOptions options;
  options.id = ids == Ids::kGenerated ? -1 : id;
  options.port = 9092 + id;
  options.client.servers = {{"127.0.0.1", port}};
  options.client.session_timeout_ms = 2000;
  options.client.seed = static_cast<uint64_t>(id);
  options.new_cluster_id = "SimulatedSimulatedAAAA";
  options.controller.rebalances = false;
  BrokerWorld world = {.fabric = &fabric_,
                       .executor = &core_,
                       .clock = &SystemClock(),
                       .timeline = &timeline_,
                       .disk = &member.disk};
  world.make_client = [this, id](client::Options client) -> std::unique_ptr<client::Client> {
    auto made = client::CreateClient(client::Protocol::kZooKeeper, &core_, std::move(client));
    return std::make_unique<RefereedClient>(*std::move(made), id, &referee_);
  };
  world.tap = [this, &member](std::string line) {
    const std::lock_guard lock(mutex_);
    member.lines.push_back(std::move(line));
    more_.notify_all();
  };
  member.broker = std::make_unique<Broker>(std::move(options), std::move(world));
}

void SimulatedBrokers::Start(int32_t id) {
  members_.at(id).runs = true;
  core_.Post([this, id] { members_.at(id).broker->Start(); });
}

void SimulatedBrokers::Kill(int32_t id) {
  members_.at(id).runs = false;
  core_.Post([this, id] { members_.at(id).broker->Kill(); });
}

void SimulatedBrokers::Choose(int32_t winner, const std::set<int32_t>& others) {
  core_.Post([this, winner, others] { referee_.Choose(winner, others); });
}

void SimulatedBrokers::Mark() {
  const std::lock_guard lock(mutex_);
  for (auto& [id, member] : members_) member.marked = member.lines.size();
}

Requests SimulatedBrokers::SinceMark(int32_t id) {
  const Member& member = members_.at(id);
  return Folded(
      {member.lines.begin() + static_cast<std::ptrdiff_t>(member.marked), member.lines.end()});
}

Requests SimulatedBrokers::Sent(int32_t id, const Requests& expected) {
  {
    std::unique_lock lock(mutex_);
    more_.wait_for(lock, kPatience, [&] { return SinceMark(id).size() >= expected.size(); });
  }
  LetAllSpeak();
  const std::lock_guard lock(mutex_);
  return SinceMark(id);
}

void SimulatedBrokers::WaitFor(int32_t id, const std::string& prefix, size_t count) {
  std::unique_lock lock(mutex_);
  EXPECT_TRUE(more_.wait_for(
      lock, kPatience,
      [&] {
        const Requests requests = SinceMark(id);
        const auto begins = [&](const std::string& one) { return absl::StartsWith(one, prefix); };
        return static_cast<size_t>(std::count_if(requests.begin(), requests.end(), begins)) >=
               count;
      }))
      << "broker " << id << ": " << prefix;
}

// Every running broker reads /feature when it is written. Once all have, whatever they were about
// to send has gone out before; what they say to that is taken back. Their readings are answered
// when this returns: a write that overtook one would be answered by it, and by no other.
void SimulatedBrokers::LetAllSpeak() {
  const auto readings = [this] {
    std::map<int32_t, int64_t> counts;
    for (const auto& [id, member] : members_) {
      if (!member.runs) continue;
      counts[id] = std::count(member.lines.begin(), member.lines.end(), kReadsFeatures);
    }
    return counts;
  };
  std::unique_lock lock(mutex_);
  const std::map<int32_t, int64_t> before = readings();
  lock.unlock();
  const auto written = tree().SetData({.path = std::string(kafka::kFeaturePath),
                                       .data = kafka::EncodeEmptyFeatures(),
                                       .version = -1});
  EXPECT_TRUE(written.ok());
  lock.lock();
  const bool all = more_.wait_for(lock, kPatience, [&] {
    const auto now = readings();
    return std::all_of(before.begin(), before.end(),
                       [&](const auto& entry) { return now.at(entry.first) > entry.second; });
  });
  EXPECT_TRUE(all);
  for (auto& [id, member] : members_) {
    if (!member.runs) continue;
    const auto last = std::find(member.lines.rbegin(), member.lines.rend(), kReadsFeatures);
    if (last != member.lines.rend()) member.lines.erase(std::next(last).base());
  }
  lock.unlock();
  for (const auto& [id, count] : before) {
    const auto answered = std::make_shared<std::promise<void>>();
    core_.Post([this, id = id, answered] {
      client::Client* const broker = referee_.ClientOf(id);
      if (broker == nullptr) return answered->set_value();
      broker->Sync("/",
                   [answered](const client::Result<model::SyncReply>&) { answered->set_value(); });
    });
    EXPECT_EQ(answered->get_future().wait_for(kPatience), std::future_status::ready);
  }
}

client::BlockingClient& SimulatedBrokers::tree() {
  if (tree_ == nullptr) {
    constexpr int64_t kWaitMs = 30000;
    auto client = client::OpenBlockingClient(client::Protocol::kZooKeeper, servers_, {}, kWaitMs);
    EXPECT_TRUE(client.ok()) << client.status();
    tree_ = *std::move(client);
  }
  return *tree_;
}

}  // namespace rookery::broker_sim
