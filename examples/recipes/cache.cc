#include <rookery/client.h>
#include <rookery/recipes.h>

#include <future>
#include <iostream>

using namespace rookery::client;
using recipes::TreeCache;

int main(int, char** argv) {
  auto client = OpenBlockingClient(Protocol::kZooKeeper, argv[1], {}, 10000);
  if (!client.ok()) return std::cerr << client.status() << "\n", 1;
  (*client)->Create({"/tree", "root", *rookery::model::OpenAcl()});
  (*client)->Create({"/tree/leaf", "green", *rookery::model::OpenAcl()});
  std::promise<void> red;
  TreeCache::Observer observer;
  observer.on_change = [&](TreeCache::Change, const std::string& path,
                           const TreeCache::Node& node) {
    std::cout << path << " is " << node.data.value_or("null") << std::endl;
    if (node.data == "red") red.set_value();
  };
  auto cache = (*client)->Make<TreeCache>("/tree", TreeCache::kWhole, std::move(observer));
  (*client)->SetData({"/tree/leaf", "red"});
  red.get_future().wait();
}
