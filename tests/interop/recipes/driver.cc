// Recipes on the command of another program: a line in, a line out, so that tests can put clients
// of other libraries on the other side.
//
//   recipes_driver PROTOCOL SERVERS
//
// In:  WORD NAME ARGUMENT...     NAME is whatever the test calls the object; words: see Commands()
// Out: "ok [RESULT]" or "error CODE MESSAGE", one line for each line in
//
// A command that waits holds up the others: a test that wants two at once starts two drivers.
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "coordinator/client/factory/client_factory.h"
#include "coordinator/client/recipes/barrier/barrier.h"
#include "coordinator/client/recipes/barrier/double_barrier.h"
#include "coordinator/client/recipes/counter/counter.h"
#include "coordinator/client/recipes/discovery/registration.h"
#include "coordinator/client/recipes/discovery/resolver.h"
#include "coordinator/client/recipes/election/election.h"
#include "coordinator/client/recipes/lock/lock.h"
#include "coordinator/client/recipes/lock/shared_lock.h"
#include "coordinator/client/recipes/membership/group.h"
#include "coordinator/client/recipes/queue/confirmed_queue.h"
#include "coordinator/client/recipes/queue/queue.h"

namespace rookery::client::recipes {
namespace {

using Words = std::vector<std::string>;

int64_t Number(const std::string& text) {
  int64_t number = 0;
  return absl::SimpleAtoi(text, &number) ? number : 0;
}

NameStyle Style(const std::string& text) {
  return text == "kazoo" ? NameStyle::kKazoo : NameStyle::kCurator;
}

HolderOptions OptionsOf(const std::string& style, const std::string& identifier) {
  HolderOptions options;
  options.style = Style(style);
  options.identifier = identifier;
  return options;
}

std::string Answer(const absl::Status& status) {
  if (status.ok()) return "ok";
  return absl::StrCat("error ", absl::StatusCodeToString(status.code()), " ", status.message());
}

template <typename Value, typename Text>
std::string Answer(const absl::StatusOr<Value>& value, const Text& text) {
  return value.ok() ? absl::StrCat("ok ", text(*value)) : Answer(value.status());
}

class Driver {
 public:
  explicit Driver(std::unique_ptr<BlockingClient> client) : client_(std::move(client)) {}

  std::string Run(const Words& words) {
    const auto command = Commands().find(words.at(0));
    if (command == Commands().end()) return absl::StrCat("error UNKNOWN_WORD ", words[0]);
    return command->second(*this, words);
  }

 private:
  using Command = std::function<std::string(Driver&, const Words&)>;
  static const std::map<std::string, Command>& Commands();

  Holder* FindHolder(const std::string& name) {
    if (const auto lock = locks_.find(name); lock != locks_.end()) return lock->second.get();
    if (const auto lock = shared_.find(name); lock != shared_.end()) return lock->second.get();
    return elections_.at(name).get();
  }

  std::unique_ptr<BlockingClient> client_;
  std::map<std::string, bool> asked_;  // on the client's executor
  template <typename Recipe>
  using ByName = std::map<std::string, BlockingClient::Made<Recipe>>;
  ByName<Lock> locks_;
  ByName<SharedLock> shared_;
  ByName<Election> elections_;
  ByName<Group> groups_;
  ByName<Barrier> barriers_;
  ByName<DoubleBarrier> double_barriers_;
  ByName<Queue> queues_;
  ByName<ConfirmedQueue> confirmed_;
  ByName<Counter> counters_;
  ByName<Registration> registrations_;
};

const std::map<std::string, Driver::Command>& Driver::Commands() {
  static const auto& commands = *new std::map<std::string, Command>{
      // NAME PATH STYLE IDENTIFIER
      {"lock",
       [](Driver& d, const Words& w) -> std::string {
         d.locks_[w[1]] = d.client_->Make<Lock>(w[2], OptionsOf(w[3], w[4]));
         return "ok";
       }},
      // NAME PATH STYLE IDENTIFIER read|write
      {"shared",
       [](Driver& d, const Words& w) -> std::string {
         const auto mode = w[5] == "read" ? SharedLockMode::kRead : SharedLockMode::kWrite;
         d.shared_[w[1]] = d.client_->Make<SharedLock>(w[2], mode, OptionsOf(w[3], w[4]));
         return "ok";
       }},
      // NAME PATH STYLE IDENTIFIER latch|selector
      {"election",
       [](Driver& d, const Words& w) -> std::string {
         const auto names = w[5] == "latch" ? ElectionNames::kLatch : ElectionNames::kSelector;
         d.elections_[w[1]] = d.client_->Make<Election>(w[2], OptionsOf(w[3], w[4]), names);
         return "ok";
       }},
      // NAME WAIT_MS; gives the token
      {"acquire",
       [](Driver& d, const Words& w) {
         return Answer(d.client_->Await(d.FindHolder(w[1])->Acquire(Number(w[2]))),
                       [](const Holding& held) { return absl::StrCat(held.token); });
       }},
      {"release",
       [](Driver& d, const Words& w) {
         return Answer(d.client_->Await(d.FindHolder(w[1])->Release()));
       }},
      {"contenders",
       [](Driver& d, const Words& w) {
         return Answer(d.client_->Await(d.FindHolder(w[1])->Contenders()),
                       [](const Words& all) { return absl::StrJoin(all, ","); });
       }},
      // NAME: it hears of being asked for from now on
      {"revocable",
       [](Driver& d, const Words& w) -> std::string {
         d.client_->WithClient([&d, &w](Client&) {
           bool* const asked = &d.asked_[w[1]];
           d.FindHolder(w[1])->Observe([asked](HoldEvent event) {
             if (event == HoldEvent::kRevocationWanted) *asked = true;
           });
         });
         return "ok";
       }},
      {"revoke",
       [](Driver& d, const Words& w) {
         return Answer(d.client_->Await(d.FindHolder(w[1])->Revoke()));
       }},
      // NAME; gives true or false
      {"asked",
       [](Driver& d, const Words& w) -> std::string {
         bool asked = false;
         d.client_->WithClient([&](Client&) { asked = d.asked_[w[1]]; });
         return asked ? "ok true" : "ok false";
       }},
      {"leader",
       [](Driver& d, const Words& w) {
         return Answer(d.client_->Await(d.elections_.at(w[1])->Leader()),
                       [](const std::string& leader) { return leader; });
       }},
      // NAME PATH STYLE
      {"group",
       [](Driver& d, const Words& w) -> std::string {
         GroupOptions options;
         options.style = Style(w[3]);
         d.groups_[w[1]] = d.client_->Make<Group>(w[2], options);
         return "ok";
       }},
      // NAME MEMBER [ABOUT]
      {"join",
       [](Driver& d, const Words& w) {
         return Answer(
             d.client_->Await(d.groups_.at(w[1])->Join(w[2], w.size() > 3 ? w[3] : "")));
       }},
      {"leave_group",
       [](Driver& d, const Words& w) {
         return Answer(d.client_->Await(d.groups_.at(w[1])->Leave()));
       }},
      {"members",
       [](Driver& d, const Words& w) {
         return Answer(d.client_->Await(d.groups_.at(w[1])->Read()),
                       [](const Group::Members& members) {
                         return absl::StrJoin(members, ",", absl::PairFormatter("="));
                       });
       }},
      // NAME PATH
      {"barrier",
       [](Driver& d, const Words& w) -> std::string {
         d.barriers_[w[1]] = d.client_->Make<Barrier>(w[2]);
         return "ok";
       }},
      {"set",
       [](Driver& d, const Words& w) {
         return Answer(d.client_->Await(d.barriers_.at(w[1])->Set()));
       }},
      {"remove",
       [](Driver& d, const Words& w) {
         return Answer(d.client_->Await(d.barriers_.at(w[1])->Remove()));
       }},
      // NAME WAIT_MS
      {"wait",
       [](Driver& d, const Words& w) {
         return Answer(d.client_->Await(d.barriers_.at(w[1])->Wait(Number(w[2]))));
       }},
      // NAME PATH MEMBERS
      {"double_barrier",
       [](Driver& d, const Words& w) -> std::string {
         d.double_barriers_[w[1]] =
             d.client_->Make<DoubleBarrier>(w[2], static_cast<size_t>(Number(w[3])));
         return "ok";
       }},
      // NAME WAIT_MS
      {"enter",
       [](Driver& d, const Words& w) {
         return Answer(d.client_->Await(d.double_barriers_.at(w[1])->Enter(Number(w[2]))));
       }},
      {"leave",
       [](Driver& d, const Words& w) {
         return Answer(d.client_->Await(d.double_barriers_.at(w[1])->Leave(Number(w[2]))));
       }},
      // NAME PATH STYLE
      {"queue",
       [](Driver& d, const Words& w) -> std::string {
         QueueOptions options;
         options.style = Style(w[3]);
         d.queues_[w[1]] = d.client_->Make<Queue>(w[2], options);
         return "ok";
       }},
      // NAME ITEM [PRIORITY]
      {"put",
       [](Driver& d, const Words& w) {
         const int priority = w.size() > 3 ? static_cast<int>(Number(w[3])) : kDefaultPriority;
         return Answer(d.client_->Await(d.queues_.at(w[1])->Put(w[2], priority)));
       }},
      // NAME WAIT_MS
      {"take",
       [](Driver& d, const Words& w) {
         return Answer(d.client_->Await(d.queues_.at(w[1])->Take(Number(w[2]))),
                       [](const std::string& item) { return item; });
       }},
      // NAME PATH
      {"confirmed_queue",
       [](Driver& d, const Words& w) -> std::string {
         d.confirmed_[w[1]] = d.client_->Make<ConfirmedQueue>(w[2]);
         return "ok";
       }},
      {"put_confirmed",
       [](Driver& d, const Words& w) {
         return Answer(d.client_->Await(d.confirmed_.at(w[1])->Put(w[2])));
       }},
      {"take_confirmed",
       [](Driver& d, const Words& w) {
         return Answer(d.client_->Await(d.confirmed_.at(w[1])->Take(Number(w[2]))),
                       [](const std::string& item) { return item; });
       }},
      {"confirm",
       [](Driver& d, const Words& w) {
         return Answer(d.client_->Await(d.confirmed_.at(w[1])->Confirm()));
       }},
      // NAME PATH text|int32|int64
      {"counter",
       [](Driver& d, const Words& w) -> std::string {
         CounterOptions options;
         options.format = w[3] == "int32"   ? CounterFormat::kInt32
                          : w[3] == "int64" ? CounterFormat::kInt64
                                            : CounterFormat::kText;
         d.counters_[w[1]] = d.client_->Make<Counter>(w[2], options);
         return "ok";
       }},
      // NAME DELTA
      {"add",
       [](Driver& d, const Words& w) {
         return Answer(d.client_->Await(d.counters_.at(w[1])->Add(Number(w[2]))),
                       [](const Counter::Value& value) { return absl::StrCat(value.value); });
       }},
      // NAME BASE SERVICE ADDRESS PORT
      {"register",
       [](Driver& d, const Words& w) {
         Instance instance;
         instance.name = w[3];
         instance.address = w[4];
         instance.port = static_cast<uint16_t>(Number(w[5]));
         d.registrations_[w[1]] = d.client_->Make<Registration>(w[2]);
         return Answer(d.client_->Await(d.registrations_[w[1]]->Register(instance)));
       }},
      // - BASE SERVICE
      {"resolve",
       [](Driver& d, const Words& w) {
         Client* session = nullptr;
         d.client_->WithClient([&session](Client& client) { session = &client; });
         return Answer(d.client_->Await(Resolve(session, w[2], w[3])),
                       [](const std::vector<Instance>& all) {
                         std::vector<std::string> addresses;
                         for (const Instance& one : all) addresses.push_back(one.ToString());
                         return absl::StrJoin(addresses, ",");
                       });
       }},
  };
  return commands;
}

int Main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: recipes_driver zookeeper|grpc HOST:PORT,...\n";
    return 2;
  }
  const absl::StatusOr<Protocol> protocol = ParseProtocol(argv[1]);
  if (!protocol.ok()) return 2;
  Options options;
  options.session_timeout_ms = 6000;
  auto client = OpenBlockingClient(*protocol, argv[2], std::move(options), 20000);
  if (!client.ok()) {
    std::cout << Answer(client.status()) << std::endl;
    return 1;
  }
  Driver driver(*std::move(client));
  std::cout << "ok" << std::endl;
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream in(line);
    Words words;
    for (std::string word; in >> word;) words.push_back(word);
    if (words.empty()) continue;
    std::cout << driver.Run(words) << std::endl;
  }
  return 0;
}

}  // namespace
}  // namespace rookery::client::recipes

int main(int argc, char** argv) { return rookery::client::recipes::Main(argc, argv); }
