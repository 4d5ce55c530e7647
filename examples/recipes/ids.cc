#include <rookery/client.h>
#include <rookery/recipes.h>

#include <iostream>

using namespace rookery::client;

int main(int, char** argv) {
  auto client = OpenBlockingClient(Protocol::kZooKeeper, argv[1], {}, 10000);
  if (!client.ok()) return std::cerr << client.status() << "\n", 1;
  auto ids = (*client)->Make<recipes::Ids>("/ids/orders", 1000);  // one write for 1,000 ids
  for (int i = 0; i < 3; ++i) {
    const auto id = (*client)->Await(ids->Next());
    if (!id.ok()) return std::cerr << id.status() << "\n", 1;
    std::cout << "order " << *id << "\n";
  }
}
