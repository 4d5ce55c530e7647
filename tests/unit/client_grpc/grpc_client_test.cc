#include "coordinator/client/grpc/grpc_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "coordinator/base/clock.h"
#include "coordinator/client/blocking.h"
#include "coordinator/client/factory/client_factory.h"
#include "tests/unit/client_grpc/fake_server.h"

namespace rookery::client {
namespace {

using model::ErrorCode;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr int64_t kWaitMs = 10000;

class GrpcClientTest : public ::testing::Test {
 protected:
  using Stream = FakeServer::Stream;
  // What a script does with one operation; the tag is set already.
  using Answer = std::function<void(const v1::Operation&, v1::Result*)>;

  static void Ok(const v1::Operation&, v1::Result* result) {
    result->set_error(v1::ERROR_CODE_OK);
    result->set_zxid(9);
  }

  // Opens session 7 and answers every message with one of its own until the client leaves.
  FakeServer::Script Serve(Answer answer) {
    return [this, answer](Stream& stream) {
      v1::SessionRequest request;
      if (!server_.Read(stream, &request)) return grpc::Status::OK;
      stream.Write(FakeServer::Opened(7));
      while (server_.Read(stream, &request)) {
        v1::SessionResponse response;
        response.set_heartbeat(request.heartbeat());
        for (const v1::SessionOperation& operation : request.operations()) {
          v1::SessionReply* reply = response.add_items()->mutable_reply();
          reply->set_tag(operation.tag());
          answer(operation.operation(), reply->mutable_result());
        }
        stream.Write(response);
      }
      return grpc::Status::OK;
    };
  }

  std::unique_ptr<BlockingClient> Open(Options options = {}) {
    auto client = OpenBlockingClient(Protocol::kGrpc, server_.address().ToString(),
                                     std::move(options), kWaitMs);
    EXPECT_TRUE(client.ok()) << client.status();
    return client.ok() ? *std::move(client) : nullptr;
  }

  FakeServer server_;
};

TEST_F(GrpcClientTest, OpensWithEverythingAServerMustKnow) {
  server_.Add(Serve(Ok));
  Options options;
  options.session_timeout_ms = 12345;
  options.session = 7;
  options.password = "password";
  options.credentials = {{"digest", "user:pass"}};
  auto client = Open(std::move(options));
  ASSERT_NE(client, nullptr);
  EXPECT_EQ(client->session(), 7);
  client->WithClient([](Client& async) { EXPECT_EQ(async.timeout_ms(), 6000); });
  const v1::OpenSession open = server_.received().front().open();
  EXPECT_EQ(open.timeout_ms(), 12345);
  EXPECT_EQ(open.session_id(), 7);
  EXPECT_EQ(open.password(), "password");
  ASSERT_EQ(open.credentials_size(), 1);
  EXPECT_EQ(open.credentials(0).auth(), "user:pass");
}

TEST_F(GrpcClientTest, TranslatesOperationsBothWays) {
  server_.Add(Serve([](const v1::Operation& operation, v1::Result* result) {
    Ok(operation, result);
    result->mutable_stat()->set_version(3);
    if (operation.has_create()) {
      EXPECT_EQ(operation.create().mode(), v1::CREATE_MODE_EPHEMERAL_SEQUENTIAL);
      EXPECT_FALSE(operation.create().data().has_value());
      EXPECT_EQ(operation.create().acl(0).scheme(), "world");
      result->set_path(operation.create().path() + "0000000001");
    } else if (operation.has_get_data()) {
      if (operation.get_data().path() == "/empty") result->mutable_data()->set_value("");
    } else if (operation.has_get_children()) {
      result->add_children("a");
      result->add_children("b");
    } else if (operation.has_set_data()) {
      EXPECT_EQ(operation.set_data().version(), 2);
      result->set_error(v1::ERROR_CODE_BAD_VERSION);
    } else if (operation.has_delete_()) {
      EXPECT_FALSE(operation.delete_().has_version());
    }
  }));
  auto client = Open();
  ASSERT_NE(client, nullptr);
  const auto created = client->Create({.path = "/n",
                                       .data = std::nullopt,
                                       .acl = *model::OpenAcl(),
                                       .flags = model::kEphemeralSequential});
  EXPECT_EQ(created.value.path, "/n0000000001");
  EXPECT_EQ(created.zxid, 9);
  EXPECT_EQ(client->GetData("/null").value.data, std::nullopt);
  EXPECT_EQ(client->GetData("/empty").value.data, "");
  EXPECT_EQ(client->GetData("/empty").value.stat.version, 3);
  EXPECT_THAT(client->GetChildren("/").value.children, ElementsAre("a", "b"));
  EXPECT_EQ(client->SetData({"/n", "x", 2}).error, ErrorCode::kBadVersion);
  EXPECT_TRUE(client->Delete({"/n"}).ok());
}

TEST_F(GrpcClientTest, AFailedMultiTellsOfEveryPart) {
  server_.Add(Serve([](const v1::Operation& operation, v1::Result* result) {
    Ok(operation, result);
    if (!operation.has_multi()) return;
    const bool fails = operation.multi().parts(1).check().version() == 5;
    result->add_parts()->set_error(v1::ERROR_CODE_OK);
    result->mutable_parts(0)->set_path("/made");
    result->add_parts()->set_error(fails ? v1::ERROR_CODE_BAD_VERSION : v1::ERROR_CODE_OK);
    result->set_error(result->parts(1).error());
  }));
  auto client = Open();
  ASSERT_NE(client, nullptr);
  model::MultiRequest multi;
  multi.parts = {model::CreateRequest{.path = "/made"}, model::CheckRequest{"/", 5}};
  const auto failed = client->Multi(multi);
  EXPECT_EQ(failed.error, ErrorCode::kBadVersion);
  ASSERT_THAT(failed.value.parts, SizeIs(2));
  EXPECT_EQ(failed.value.parts[1].error, ErrorCode::kBadVersion);
  std::get<model::CheckRequest>(multi.parts[1]).version = 6;
  const auto done = client->Multi(multi);
  ASSERT_TRUE(done.ok()) << model::ErrorName(done.error);
  EXPECT_EQ(std::get<model::CreateReply>(done.value.parts[0].body).path, "/made");
}

TEST_F(GrpcClientTest, WhatWaitsLeavesInOneMessage) {
  server_.Add(Serve(Ok));
  auto client = Open();
  ASSERT_NE(client, nullptr);
  constexpr size_t kCount = 1000;
  std::promise<void> all;
  size_t answered = 0;
  client->WithClient([&](Client& async) {
    for (size_t i = 0; i < kCount; ++i) {
      async.SetData({"/n", "x", -1}, [&](Result<model::StatReply> result) {
        EXPECT_TRUE(result.ok());
        if (++answered == kCount) all.set_value();
      });
    }
  });
  ASSERT_EQ(all.get_future().wait_for(std::chrono::milliseconds(kWaitMs)),
            std::future_status::ready);
  const std::vector<v1::SessionRequest> received = server_.received();
  ASSERT_THAT(received, SizeIs(2));  // the opening and one message for all
  EXPECT_EQ(received[1].operations_size(), static_cast<int>(kCount));
}

TEST_F(GrpcClientTest, LargeRequestsAreSpreadOverMessages) {
  server_.Add(Serve(Ok));
  auto client = Open();
  ASSERT_NE(client, nullptr);
  std::promise<void> all;
  int answered = 0;
  client->WithClient([&](Client& async) {
    for (int i = 0; i < 8; ++i) {
      async.SetData({"/n", std::string(900'000, 'x'), -1}, [&](Result<model::StatReply> result) {
        EXPECT_TRUE(result.ok());
        if (++answered == 8) all.set_value();
      });
    }
  });
  ASSERT_EQ(all.get_future().wait_for(std::chrono::milliseconds(kWaitMs)),
            std::future_status::ready);
  for (const v1::SessionRequest& request : server_.received()) {
    EXPECT_LT(request.ByteSizeLong(), 2'000'000u);
  }
}

TEST_F(GrpcClientTest, WatchesFireBeforeLaterReplies) {
  server_.Add([this](Stream& stream) {
    v1::SessionRequest request;
    server_.Read(stream, &request);
    stream.Write(FakeServer::Opened(7));
    while (server_.Read(stream, &request)) {
      v1::SessionResponse response;
      for (const v1::SessionOperation& operation : request.operations()) {
        if (operation.operation().has_set_data()) {
          v1::Event* event = response.add_items()->mutable_event();
          event->set_type(v1::EVENT_TYPE_NODE_DATA_CHANGED);
          event->set_path("/n");
          event->set_zxid(11);
        }
        v1::SessionReply* reply = response.add_items()->mutable_reply();
        reply->set_tag(operation.tag());
        reply->mutable_result()->set_error(v1::ERROR_CODE_OK);
      }
      stream.Write(response);
    }
    return grpc::Status::OK;
  });
  auto client = Open();
  ASSERT_NE(client, nullptr);
  std::vector<std::string> told;  // on the client's thread only
  ASSERT_TRUE(client
                  ->GetData("/n",
                            [&](const WatchEvent& event) {
                              told.push_back(absl::StrCat(EventName(event.kind), " ", event.path,
                                                          " ", event.zxid));
                            })
                  .ok());
  ASSERT_TRUE(client->SetData({"/n", "x", -1}).ok());
  client->WithClient([&](Client&) { EXPECT_THAT(told, ElementsAre("NodeDataChanged /n 11")); });
}

TEST_F(GrpcClientTest, ALostStreamIsResumedWithItsWatches) {
  server_.Add([this](Stream& stream) {
    v1::SessionRequest request;
    server_.Read(stream, &request);
    stream.Write(FakeServer::Opened(7));
    server_.Read(stream, &request);
    v1::SessionResponse response;
    v1::SessionReply* reply = response.add_items()->mutable_reply();
    reply->set_tag(request.operations(0).tag());
    reply->mutable_result()->set_error(v1::ERROR_CODE_OK);
    reply->mutable_result()->set_zxid(21);
    response.set_end(v1::SESSION_END_NOT_SERVING);
    stream.Write(response);
    return grpc::Status::OK;
  });
  server_.Add(Serve(Ok));
  auto client = Open();
  ASSERT_NE(client, nullptr);
  ASSERT_TRUE(client->GetData("/watched", [](const WatchEvent&) {}).ok());
  // Whichever side of the interruption it falls on, a read can be asked again.
  auto again = client->GetData("/other");
  while (again.error == ErrorCode::kConnectionLoss) again = client->GetData("/other");
  EXPECT_TRUE(again.ok()) << model::ErrorName(again.error);
  const std::vector<v1::SessionRequest> received = server_.received();
  ASSERT_GE(received.size(), 4u);
  EXPECT_EQ(received[2].open().session_id(), 7);
  EXPECT_EQ(received[2].open().password(), "password");
  EXPECT_EQ(received[2].open().last_zxid_seen(), 21);
  const v1::SetWatches& watches = received[3].operations(0).operation().set_watches();
  EXPECT_EQ(watches.relative_zxid(), 21);
  EXPECT_THAT(watches.data_paths(), ElementsAre("/watched"));
}

TEST_F(GrpcClientTest, HeartbeatsKeepAnIdleSession) {
  server_.Add([this](Stream& stream) {
    v1::SessionRequest request;
    server_.Read(stream, &request);
    v1::SessionResponse opened = FakeServer::Opened(7);
    opened.mutable_opened()->set_timeout_ms(900);
    stream.Write(opened);
    while (server_.Read(stream, &request)) {
      v1::SessionResponse response;
      response.set_heartbeat(request.heartbeat());
      for (const v1::SessionOperation& operation : request.operations()) {
        v1::SessionReply* reply = response.add_items()->mutable_reply();
        reply->set_tag(operation.tag());
        reply->mutable_result()->set_error(v1::ERROR_CODE_OK);
      }
      stream.Write(response);
    }
    return grpc::Status::OK;
  });
  auto client = Open();
  ASSERT_NE(client, nullptr);
  EXPECT_FALSE(client->WaitForState(SessionState::kConnecting, 2000));
  const std::vector<v1::SessionRequest> received = server_.received();
  ASSERT_GE(received.size(), 4u);
  EXPECT_TRUE(received[1].heartbeat());
}

TEST_F(GrpcClientTest, AnExpiredSessionIsFinal) {
  server_.Add([this](Stream& stream) {
    v1::SessionRequest request;
    server_.Read(stream, &request);
    v1::SessionResponse response;
    response.mutable_opened();
    response.set_end(v1::SESSION_END_EXPIRED);
    stream.Write(response);
    return grpc::Status::OK;
  });
  Options options;
  options.session = 5;
  options.password = "wrong";
  const auto client = OpenBlockingClient(Protocol::kGrpc, server_.address().ToString(),
                                         std::move(options), kWaitMs);
  EXPECT_THAT(std::string(client.status().message()), HasSubstr("EXPIRED"));
}

TEST_F(GrpcClientTest, ARefusedCredentialIsFinal) {
  server_.Add([this](Stream& stream) {
    v1::SessionRequest request;
    server_.Read(stream, &request);
    return grpc::Status(grpc::StatusCode::UNAUTHENTICATED, "no");
  });
  Options options;
  options.credentials = {{"digest", "user:pass"}};
  const auto client = OpenBlockingClient(Protocol::kGrpc, server_.address().ToString(),
                                         std::move(options), kWaitMs);
  EXPECT_THAT(std::string(client.status().message()), HasSubstr("AUTH_FAILED"));
}

TEST_F(GrpcClientTest, CredentialsMayComeLater) {
  server_.Add(Serve([](const v1::Operation& operation, v1::Result* result) {
    Ok(operation, result);
    if (operation.authenticate().credential().auth() == "bad") {
      result->set_error(v1::ERROR_CODE_AUTH_FAILED);
    }
  }));
  auto client = Open();
  ASSERT_NE(client, nullptr);
  EXPECT_EQ(client->AddCredential({"digest", "user:pass"}), ErrorCode::kOk);
  EXPECT_EQ(client->AddCredential({"digest", "bad"}), ErrorCode::kAuthFailed);
  EXPECT_TRUE(client->WaitForState(SessionState::kAuthFailed, kWaitMs));
}

TEST_F(GrpcClientTest, SaysWhyNobodyAnswers) {
  server_.Add([this](Stream& stream) {
    v1::SessionRequest request;
    server_.Read(stream, &request);
    return grpc::Status(grpc::StatusCode::UNAVAILABLE, "this server is not serving");
  });
  const auto client = OpenBlockingClient(Protocol::kGrpc, server_.address().ToString(), {}, 500);
  EXPECT_THAT(std::string(client.status().message()), HasSubstr("this server is not serving"));
  const auto nobody = OpenBlockingClient(Protocol::kGrpc, "127.0.0.1:1", {}, 500);
  EXPECT_EQ(nobody.status().code(), absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace rookery::client
