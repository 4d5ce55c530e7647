#include <rookery/client.h>
#include <rookery/recipes.h>

#include <iostream>

using namespace rookery::client;

int main(int, char** argv) {
  auto client = OpenBlockingClient(Protocol::kZooKeeper, argv[1], {}, 10000);
  if (!client.ok()) return std::cerr << client.status() << "\n", 1;
  auto queue = (*client)->Make<recipes::Queue>("/queues/mail");
  if (!(*client)->Await(queue->Put("a letter")).ok()) return 1;
  if (!(*client)->Await(queue->Put("a telegram", 1)).ok()) return 1;  // goes first
  for (int i = 0; i < 2; ++i) {
    const auto item = (*client)->Await(queue->Take(5000));
    if (!item.ok()) return std::cerr << item.status() << "\n", 1;
    std::cout << *item << "\n";
  }
}
