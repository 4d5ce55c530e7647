#include <rookery/client.h>
#include <rookery/recipes.h>

#include <iostream>

using namespace rookery::client;

int main(int, char** argv) {
  auto client = OpenBlockingClient(Protocol::kZooKeeper, argv[1], {}, 10000);
  if (!client.ok()) return std::cerr << client.status() << "\n", 1;
  auto group = (*client)->Make<recipes::Group>("/groups/workers");
  const auto joined = (*client)->Await(group->Join("worker-1", "10.0.0.1:9000"));
  if (!joined.ok()) return std::cerr << joined << "\n", 1;
  const auto members = (*client)->Await(group->Read());
  if (!members.ok()) return std::cerr << members.status() << "\n", 1;
  for (const auto& [name, about] : *members) std::cout << name << " at " << about << "\n";
}
