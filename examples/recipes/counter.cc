#include <rookery/client.h>
#include <rookery/recipes.h>

#include <iostream>

using namespace rookery::client;

int main(int, char** argv) {
  auto client = OpenBlockingClient(Protocol::kZooKeeper, argv[1], {}, 10000);
  if (!client.ok()) return std::cerr << client.status() << "\n", 1;
  auto counter = (*client)->Make<recipes::Counter>("/counters/visits");
  for (const int delta : {5, -2}) {
    const auto value = (*client)->Await(counter->Add(delta));
    if (!value.ok()) return std::cerr << value.status() << "\n", 1;
    std::cout << value->value << "\n";
  }
}
