// A session client whose server and time a test plays.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "coordinator/client/session_client.h"
#include "tests/unit/client/fake_link.h"
#include "tests/unit/client/virtual_executor.h"

namespace rookery::client {

class SessionClientTest : public ::testing::Test {
 protected:
  SessionClientTest() {
    options_.servers = {{"a", 1}, {"b", 1}, {"c", 1}};
    options_.session_timeout_ms = 6000;
    options_.observer = [this](SessionState state) {
      states_.push_back(std::string(StateName(state)));
    };
  }

  void Start() {
    client_ = std::make_unique<SessionClient>(&executor_, &executor_, links_.Factory(),
                                              std::move(options_));
    client_->Connect();
    executor_.RunPosted();
  }
  void OpenSession(model::SessionId session = 7) {
    links_.last().handler->OnOpened({6000, session, "password", false});
    executor_.RunPosted();
  }
  void Break() {
    links_.last().handler->OnClosed(absl::UnavailableError("gone"));
    executor_.RunPosted();
  }
  void StartConnected() {
    Start();
    OpenSession();
  }
  // Answers the oldest request of the last link.
  void Answer(model::Reply reply) {
    links_.last().handler->OnReply(std::move(reply));
    executor_.RunPosted();
  }
  // Records "path: error" with "?" when the write may have been applied.
  void Set(const std::string& path) {
    client_->SetData({path, "x", -1}, [this, path](Result<model::StatReply> result) {
      results_.push_back(path + ": " + std::string(model::ErrorName(result.error)) +
                         (result.maybe_applied ? "?" : ""));
    });
  }
  void WatchData(const std::string& path) {
    client_->GetData(path, Record(), [](Result<model::DataReply>) {});
  }
  Watch Record() {
    return [this](const WatchEvent& event) {
      events_.push_back(std::string(EventName(event.kind)) + " " + event.path);
    };
  }

  VirtualExecutor executor_;
  FakeLinks links_;
  Options options_;
  std::unique_ptr<SessionClient> client_;
  std::vector<std::string> states_;
  std::vector<std::string> results_;
  std::vector<std::string> events_;
};

}  // namespace rookery::client
