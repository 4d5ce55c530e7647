#include <rookery/client.h>
#include <rookery/recipes.h>

#include <iostream>

using namespace rookery::client;

int main(int, char** argv) {
  auto client = OpenBlockingClient(Protocol::kZooKeeper, argv[1], {}, 10000);
  if (!client.ok()) return std::cerr << client.status() << "\n", 1;
  recipes::HolderOptions options;
  options.identifier = "node-1";
  auto election = (*client)->Make<recipes::Election>("/elections/scheduler", options);
  election->Observe([](recipes::HoldEvent event) {  // on the client's thread
    if (event == recipes::HoldEvent::kLost) std::cerr << "no longer leading\n";
  });
  const auto leads = (*client)->Await(election->Acquire(5000));
  if (!leads.ok()) return std::cerr << leads.status() << "\n", 1;
  std::cout << "the leader is " << *(*client)->Await(election->Leader()) << "\n";
  return (*client)->Await(election->Resign()).ok() ? 0 : 1;
}
