#include "tools/rookery/shell/shell.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <iostream>
#include <memory>
#include <mutex>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "coordinator/client/factory/client_factory.h"
#include "coordinator/model/path.h"
#include "tools/rookery/shell/line_editor.h"

namespace rookery::tools::shell {
namespace {

std::atomic<bool> interrupted = false;

void OnInterrupt(int) { interrupted = true; }

void CatchInterrupts() {
  struct sigaction action{};
  action.sa_handler = OnInterrupt;  // without SA_RESTART: a read at the prompt ends
  sigaction(SIGINT, &action, nullptr);
}

// Counts watch events for those who wait, and prints them.
class Events {
 public:
  explicit Events(std::string before) : before_(std::move(before)) {}

  void Put(const client::WatchEvent& event) {
    if (silent_) return;
    std::cout << absl::StrCat(before_, client::EventName(event.kind), " ", event.path, "\n")
              << std::flush;
    const std::lock_guard lock(mutex_);
    ++count_;
    changed_.notify_all();
  }
  // The end of our own session is no news.
  void Silence() { silent_ = true; }
  void WaitForOne() {
    std::unique_lock lock(mutex_);
    while (count_ == 0 && !interrupted) {
      changed_.wait_for(lock, std::chrono::milliseconds(100));
    }
  }

 private:
  const std::string before_;
  std::atomic<bool> silent_ = false;
  std::mutex mutex_;
  std::condition_variable changed_;
  int count_ = 0;  // guarded by mutex_
};

absl::StatusOr<std::unique_ptr<client::BlockingClient>> Connect(const GlobalOptions& global) {
  const auto protocol = client::ParseProtocol(global.protocol);
  if (!protocol.ok()) return protocol.status();
  client::Options options;
  options.request_timeout_ms =
      static_cast<int32_t>(std::min<int64_t>(global.timeout_ms, INT32_MAX));
  if (!global.login.empty()) options.credentials.push_back({"sasl", global.login});
  return client::OpenBlockingClient(*protocol, global.servers, std::move(options),
                                    global.timeout_ms);
}

int Report(const Command& command, const absl::Status& status) {
  if (status.ok()) return kExitOk;
  std::cout << std::flush;
  std::cerr << command.name << ": " << status.message() << "\n";
  if (status.code() != absl::StatusCode::kInvalidArgument) return kExitFailed;
  std::cerr << "usage: " << command.usage << "\n";
  return kExitUsage;
}

int RunCommand(Shell& shell, const Command& command, const std::vector<std::string>& words) {
  interrupted = false;
  const auto arguments = Arguments::Parse(command.grammar, words);
  if (!arguments.ok()) return Report(command, arguments.status());
  const int exit_status = Report(command, command.run(shell, *arguments));
  std::cout << std::flush;
  return exit_status;
}

int RunLine(Shell& shell, const std::string& line) {
  auto words = SplitWords(line);
  if (!words.ok()) {
    std::cerr << words.status().message() << "\n";
    return kExitUsage;
  }
  if (words->empty()) return kExitOk;
  const Command* command = FindCommand(words->front());
  if (command == nullptr) {
    std::cerr << "no command " << words->front() << ": try help\n";
    return kExitUsage;
  }
  words->erase(words->begin());
  return RunCommand(shell, *command, *words);
}

std::vector<std::string> CompleteWord(client::BlockingClient& client, const std::string& word,
                                      bool first_word) {
  std::vector<std::string> found;
  if (first_word) {
    for (const Command& command : Commands()) {
      if (absl::StartsWith(command.name, word)) found.push_back(absl::StrCat(command.name, " "));
    }
    return found;
  }
  if (word.empty() || word[0] != '/') return found;
  const std::string parent(model::ParentPath(word));
  const auto children = client.GetChildren(parent);
  if (!children.ok()) return found;
  for (const std::string& name : children.value.children) {
    std::string path = model::ChildPath(parent, name);
    if (absl::StartsWith(path, word)) found.push_back(std::move(path));
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::string HistoryFile() {
  if (const char* file = getenv("ROOKERY_HISTORY")) return file;
  const char* home = getenv("HOME");
  return home == nullptr ? "" : absl::StrCat(home, "/.rookery_history");
}

int ReadFromTerminal(Shell& shell, const GlobalOptions& global) {
  int exit_status = kExitOk;
  LineEditor editor(HistoryFile(), [&](const std::string& word, bool first_word) {
    return CompleteWord(shell.client, word, first_word);
  });
  std::cout << "connected to " << shell.client.server().ToString() << ", session "
            << model::ToHex(shell.client.session()) << "; help lists the commands\n";
  while (!shell.quit) {
    const std::string prompt =
        absl::StrCat("[", global.servers, " ", client::StateName(shell.client.state()), "] ");
    const auto line = editor.ReadLine(prompt);
    if (!line && !interrupted.exchange(false)) break;
    if (!line) {
      std::cout << "\n";
      continue;
    }
    if (const int status = RunLine(shell, *line); status != kExitOk) exit_status = status;
  }
  return exit_status;
}

int ReadPlainly(Shell& shell) {
  int exit_status = kExitOk;
  std::string line;
  while (!shell.quit && std::getline(std::cin, line)) {
    if (const int status = RunLine(shell, line); status != kExitOk) exit_status = status;
  }
  return exit_status;
}

}  // namespace

int RunOnce(const GlobalOptions& global, const Command& command,
            const std::vector<std::string>& words) {
  if (words == std::vector<std::string>{"--help"} || words == std::vector<std::string>{"-h"}) {
    std::cout << "rookery " << command.usage << "\n    " << command.summary << "\n";
    return kExitOk;
  }
  // Before anybody is asked.
  if (const auto arguments = Arguments::Parse(command.grammar, words); !arguments.ok()) {
    return Report(command, arguments.status());
  }
  auto client = Connect(global);
  if (!client.ok()) return Report(command, absl::UnavailableError(client.status().message()));
  CatchInterrupts();
  Events events("");
  Shell shell{.client = **client,
              .out = std::cout,
              .on_event = [&](const client::WatchEvent& event) { events.Put(event); },
              .wait_for_event = [&] { events.WaitForOne(); },
              .interrupted = &interrupted};
  const int exit_status = RunCommand(shell, command, words);
  events.Silence();
  (*client)->Close();  // before what its watches speak to goes
  return exit_status;
}

int RunInteractive(const GlobalOptions& global) {
  auto client = Connect(global);
  if (!client.ok()) {
    std::cerr << "rookery: " << client.status().message() << "\n";
    return kExitFailed;
  }
  const bool terminal = isatty(STDIN_FILENO) == 1;
  if (terminal) CatchInterrupts();
  Events events(terminal ? "\nwatch: " : "watch: ");
  Shell shell{.client = **client,
              .out = std::cout,
              .on_event = [&](const client::WatchEvent& event) { events.Put(event); },
              .interactive = true,
              .wait_for_event = [] {},
              .interrupted = &interrupted};
  const int exit_status = terminal ? ReadFromTerminal(shell, global) : ReadPlainly(shell);
  events.Silence();
  (*client)->Close();
  return exit_status;
}

}  // namespace rookery::tools::shell
