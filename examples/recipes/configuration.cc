#include <rookery/client.h>
#include <rookery/recipes.h>

#include <future>
#include <iostream>

using namespace rookery::client;
using Limit = recipes::Subscription<std::string>;

int main(int, char** argv) {
  auto client = OpenBlockingClient(Protocol::kZooKeeper, argv[1], {}, 10000);
  if (!client.ok()) return std::cerr << client.status() << "\n", 1;
  (*client)->Create({"/limit", "100 MB", *rookery::model::OpenAcl()});
  std::promise<void> changed;
  const auto parse = [](const std::string& text) -> absl::StatusOr<std::string> { return text; };
  auto limit =
      (*client)->Make<Limit>("/limit", parse, [&](const absl::StatusOr<Limit::Told>& told) {
        if (!told.ok()) return;  // the node is gone, or the session is over
        std::cout << "the limit is " << told->value << ", version " << told->version << std::endl;
        if (told->version == 1) changed.set_value();
      });
  (*client)->SetData({"/limit", "200 MB"});
  changed.get_future().wait();
}
