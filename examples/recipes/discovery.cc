#include <rookery/client.h>
#include <rookery/recipes.h>

#include <iostream>

using namespace rookery::client;

int main(int, char** argv) {
  auto client = OpenBlockingClient(Protocol::kZooKeeper, argv[1], {}, 10000);
  if (!client.ok()) return std::cerr << client.status() << "\n", 1;
  recipes::Instance me;
  me.name = "search";
  me.address = "10.0.0.1";
  me.port = 8080;
  auto registration = (*client)->Make<recipes::Registration>("/services");
  if (!(*client)->Await(registration->Register(me)).ok()) return 1;

  auto resolver = (*client)->Make<recipes::Resolver>("/services", "search",
                                                     recipes::Choice::kRoundRobin, 1, nullptr);
  while (true) {
    absl::StatusOr<recipes::Instance> chosen;
    (*client)->WithClient([&](Client&) { chosen = resolver->Choose(); });
    if (!chosen.ok()) continue;  // it is still reading
    std::cout << "search is at " << chosen->ToString() << "\n";
    return 0;
  }
}
