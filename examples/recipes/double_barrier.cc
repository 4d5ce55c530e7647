#include <rookery/client.h>
#include <rookery/recipes.h>

#include <iostream>
#include <thread>

using namespace rookery::client;

void Work(const char* servers, const char* name) {
  auto client = OpenBlockingClient(Protocol::kZooKeeper, servers, {}, 10000);
  if (!client.ok()) return;
  recipes::DoubleBarrierOptions options;
  options.identifier = name;
  auto barrier = (*client)->Make<recipes::DoubleBarrier>("/barriers/computation", 2, options);
  if (!(*client)->Await(barrier->Enter(10000)).ok()) return;
  // Both are here.
  if ((*client)->Await(barrier->Leave(10000)).ok()) std::cout << "all are done\n";
}

int main(int, char** argv) {
  std::thread other(Work, argv[1], "other");
  Work(argv[1], "one");
  other.join();
}
