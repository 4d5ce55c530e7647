// Plays a script on a server and writes down what clients were told.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "coordinator/client/link.h"
#include "tests/script/command.h"
#include "tests/script/reply_text.h"
#include "tests/script/script.h"

namespace rookery::script {

// Where a script is played: a fresh server, by connections to it.
class Server {
 public:
  virtual ~Server() = default;
  virtual std::unique_ptr<client::Link> MakeLink(client::LinkHandler* handler) = 0;
  // Runs `task` where links live.
  virtual void Do(absl::FunctionRef<void()> task) = 0;
  // Waits until `done`, asked where links live, says yes; false if it does not in good time.
  virtual bool WaitUntil(absl::FunctionRef<bool()> done) = 0;
};

class Player {
 public:
  // `server` outlives the player.
  explicit Player(Server* server);
  ~Player();

  // The steps with what they led to this time. InvalidArgument: a request that makes no sense, with
  // its line; DeadlineExceeded: no answer came.
  absl::StatusOr<std::vector<Step>> Play(std::vector<Step> steps);

 private:
  class Connection;

  absl::StatusOr<std::vector<std::string>> PlayStep(const Step& step);
  absl::Status Start(const Command& command);
  absl::Status OpenConnection(const std::string& name, client::Hello hello);
  // What others heard by now is here.
  absl::Status Settle();
  Connection* Find(const std::string& name);

  Server* const server_;
  Names names_;
  bool have_base_ = false;
  std::map<std::string, std::unique_ptr<Connection>> connections_;
};

}  // namespace rookery::script
