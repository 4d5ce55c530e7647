#include <rookery/client.h>
#include <rookery/recipes.h>

#include <iostream>

using namespace rookery::client;

int main(int, char** argv) {
  auto client = OpenBlockingClient(Protocol::kZooKeeper, argv[1], {}, 10000);
  if (!client.ok()) return std::cerr << client.status() << "\n", 1;
  auto lock = (*client)->Make<recipes::Lock>("/locks/printer");
  const auto held = (*client)->Await(lock->Acquire(5000));
  if (!held.ok()) return std::cerr << held.status() << "\n", 1;
  // The printer refuses a token that is smaller than one it has seen.
  std::cout << "printing with a token: " << (held->token > 0) << "\n";
  return (*client)->Await(lock->Release()).ok() ? 0 : 1;
}
