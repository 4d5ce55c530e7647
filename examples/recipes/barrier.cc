#include <rookery/client.h>
#include <rookery/recipes.h>

#include <iostream>

using namespace rookery::client;

int main(int, char** argv) {
  auto client = OpenBlockingClient(Protocol::kZooKeeper, argv[1], {}, 10000);
  if (!client.ok()) return std::cerr << client.status() << "\n", 1;
  auto barrier = (*client)->Make<recipes::Barrier>("/barriers/maintenance");
  if (!(*client)->Await(barrier->Set()).ok()) return 1;
  std::cout << "stands: " << !(*client)->Await(barrier->Wait(50)).ok() << "\n";
  if (!(*client)->Await(barrier->Remove()).ok()) return 1;
  std::cout << "open: " << (*client)->Await(barrier->Wait(5000)).ok() << "\n";
}
