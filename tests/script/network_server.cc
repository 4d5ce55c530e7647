#include "tests/script/network_server.h"

#include <chrono>
#include <future>
#include <thread>
#include <utility>

#include "coordinator/client/zookeeper/zookeeper_link.h"

namespace rookery::script {
namespace {

constexpr auto kDeadline = std::chrono::seconds(60);  // a disk can stand still for some
constexpr auto kBetweenLooks = std::chrono::microseconds(200);

}  // namespace

LinkMaker ZooKeeperLinks() {
  return [](AsioCore* core, const Address& server, client::LinkHandler* handler) {
    return std::make_unique<client::ZooKeeperLink>(core, core, server, handler);
  };
}

NetworkServer::NetworkServer(Address address, LinkMaker links)
    : address_(std::move(address)), links_(std::move(links)) {
  core_.Start("script");
}

NetworkServer::~NetworkServer() { core_.Stop(); }

std::unique_ptr<client::Link> NetworkServer::MakeLink(client::LinkHandler* handler) {
  return links_(&core_, address_, handler);
}

void NetworkServer::Do(absl::FunctionRef<void()> task) {
  std::promise<void> done;
  core_.Post([&] {
    task();
    done.set_value();
  });
  done.get_future().wait();
}

bool NetworkServer::WaitUntil(absl::FunctionRef<bool()> done) {
  const auto deadline = std::chrono::steady_clock::now() + kDeadline;
  for (;;) {
    bool yes = false;
    Do([&] { yes = done(); });
    if (yes || std::chrono::steady_clock::now() > deadline) return yes;
    std::this_thread::sleep_for(kBetweenLooks);
  }
}

}  // namespace rookery::script
