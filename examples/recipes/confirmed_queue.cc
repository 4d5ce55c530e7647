#include <rookery/client.h>
#include <rookery/recipes.h>

#include <iostream>

using namespace rookery::client;

int main(int, char** argv) {
  auto client = OpenBlockingClient(Protocol::kZooKeeper, argv[1], {}, 10000);
  if (!client.ok()) return std::cerr << client.status() << "\n", 1;
  auto queue = (*client)->Make<recipes::ConfirmedQueue>("/queues/orders");
  if (!(*client)->Await(queue->Put("order 17")).ok()) return 1;
  const auto order = (*client)->Await(queue->Take(5000));
  if (!order.ok()) return std::cerr << order.status() << "\n", 1;
  std::cout << "working on " << *order << "\n";
  // Until here it would go to somebody else if this process died.
  const auto confirmed = (*client)->Await(queue->Confirm());
  std::cout << "done: " << confirmed.ok() << "\n";
}
