#include <rookery/client.h>
#include <rookery/recipes.h>

#include <iostream>

using namespace rookery::client;

int main(int, char** argv) {
  auto client = OpenBlockingClient(Protocol::kZooKeeper, argv[1], {}, 10000);
  if (!client.ok()) return std::cerr << client.status() << "\n", 1;
  using recipes::SharedLock, recipes::SharedLockMode;
  auto one = (*client)->Make<SharedLock>("/locks/catalogue", SharedLockMode::kRead);
  auto other = (*client)->Make<SharedLock>("/locks/catalogue", SharedLockMode::kRead);
  auto writer = (*client)->Make<SharedLock>("/locks/catalogue", SharedLockMode::kWrite);
  const bool read = (*client)->Await(one->Acquire(5000)).ok();
  const bool read_too = (*client)->Await(other->Acquire(5000)).ok();
  const bool wrote = (*client)->Await(writer->Acquire(100)).ok();
  std::cout << "read: " << read << " " << read_too << ", wrote: " << wrote << "\n";
}
