// The gRPC door of a whole server as a client of any language meets it: the standard services,
// statuses, credentials as metadata, limits.
#include <gmock/gmock.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fstream>
#include <thread>

#include "absl/strings/str_cat.h"
#include "coordinator/base/net/free_port.h"
#include "coordinator/model/acl.h"
#include "rookery/v1/coordinator.grpc.pb.h"
#include "tests/support/child_process.h"
#include "tests/support/temporary_directory.h"

namespace rookery {
namespace {

using grpc::StatusCode;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr char kOwner[] = "digest ann:secret";
constexpr int kSessionsMax = 3;
constexpr int kFrameBytesMax = 2048;

class GrpcApiTest : public ::testing::Test {
 protected:
  // One server for all tests.
  static void SetUpTestSuite() {
    directory_ = std::make_unique<testing::TemporaryDirectory>();
    port_ = FreePort();
    std::ofstream(directory_->path() / "zoo.cfg")
        << "tickTime=500\ndataDir=" << directory_->path().string() << "/data\nclientPort=0\n"
        << "clientPortAddress=127.0.0.1\ngrpcPort=" << port_ << "\ngrpcPortAddress=127.0.0.1\n"
        << "admin.enableServer=false\nmaxClientCnxns=" << kSessionsMax
        << "\njute.maxbuffer=" << kFrameBytesMax << "\n";
    server_ = testing::ChildProcess({ROOKERYD_PROGRAM, (directory_->path() / "zoo.cfg").string()},
                                    (directory_->path() / "log").string());
  }
  static void TearDownTestSuite() {
    server_ = {};
    directory_.reset();
  }

  GrpcApiTest() {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
    channel_ = grpc::CreateCustomChannel(absl::StrCat("127.0.0.1:", port_),
                                         grpc::InsecureChannelCredentials(), arguments);
    stub_ = v1::CoordinatorService::NewStub(channel_);
  }
  void SetUp() override {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (Health("rookery.v1.CoordinatorService") != "SERVING") {
      ASSERT_LT(std::chrono::steady_clock::now(), deadline) << "the server does not serve";
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  }

  // A bounded call, with `auth` as its metadata.
  static std::unique_ptr<grpc::ClientContext> Call(const std::string& auth = "") {
    auto context = std::make_unique<grpc::ClientContext>();
    context->set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
    if (!auth.empty()) context->AddMetadata("rookery-auth", auth);
    return context;
  }
  // What a call of bytes answers, for services whose messages are not at hand.
  std::string Ask(const std::string& method, const std::string& request, grpc::Status* status) {
    grpc::GenericStub stub(channel_);
    grpc::CompletionQueue queue;
    const auto context = Call();
    const grpc::Slice slice(request);
    auto call = stub.PrepareCall(context.get(), method, &queue);
    void* tag = nullptr;
    bool ok = false;
    const auto next = [&] { return queue.Next(&tag, &ok) && ok; };
    grpc::ByteBuffer answer;
    call->StartCall(nullptr);
    if (next()) {
      call->Write(grpc::ByteBuffer(&slice, 1), nullptr);
      if (next()) {
        call->WritesDone(nullptr);
        next();
        call->Read(&answer, nullptr);
        next();
      }
    }
    call->Finish(status, nullptr);
    queue.Next(&tag, &ok);
    std::string bytes;
    if (answer.Valid()) {
      std::vector<grpc::Slice> slices;
      (void)answer.Dump(&slices);
      for (const grpc::Slice& each : slices) bytes.append(each.begin(), each.end());
    }
    queue.Shutdown();
    while (queue.Next(&tag, &ok)) {
    }
    return bytes;
  }
  // grpc.health.v1: HealthCheckRequest{service = 1}, HealthCheckResponse{status = 1}.
  std::string Health(const std::string& service) {
    grpc::Status status;
    const std::string answer = Ask(
        "/grpc.health.v1.Health/Check",
        absl::StrCat("\x0a", std::string(1, static_cast<char>(service.size())), service), &status);
    if (!status.ok()) return status.error_message();
    return answer == std::string("\x08\x01") ? "SERVING" : "NOT_SERVING";
  }

  v1::CreateRequest NewNode(const std::string& path, const std::string& data = "") {
    v1::CreateRequest request;
    request.mutable_create()->set_path(path);
    request.mutable_create()->mutable_data()->set_value(data);
    v1::AclEntry* acl = request.mutable_create()->add_acl();
    acl->set_permissions(model::kAll);
    acl->set_scheme("world");
    acl->set_id("anyone");
    return request;
  }
  grpc::Status Create(const v1::CreateRequest& request, v1::ErrorCode* error = nullptr,
                      const std::string& auth = "") {
    v1::CreateResponse response;
    const grpc::Status status = stub_->Create(Call(auth).get(), request, &response);
    if (error != nullptr) *error = response.result().error();
    return status;
  }
  std::vector<std::string> Scan(const std::string& path, const std::string& auth) {
    v1::ScanRequest request;
    request.set_path(path);
    const auto context = Call(auth);
    auto reader = stub_->Scan(context.get(), request);
    std::vector<std::string> paths;
    for (v1::ScanResponse response; reader->Read(&response);) {
      for (const v1::ScanNode& node : response.nodes()) paths.push_back(node.path());
    }
    const grpc::Status status = reader->Finish();
    EXPECT_TRUE(status.ok()) << status.error_message();
    return paths;
  }

  struct Session {
    std::unique_ptr<grpc::ClientContext> context;
    std::unique_ptr<grpc::ClientReaderWriter<v1::SessionRequest, v1::SessionResponse>> stream;
    bool opened = false;
  };
  Session Open() {
    Session session{.context = Call()};
    session.stream = stub_->Session(session.context.get());
    v1::SessionRequest request;
    request.mutable_open()->set_timeout_ms(5000);
    v1::SessionResponse response;
    session.opened = session.stream->Write(request) && session.stream->Read(&response) &&
                     response.opened().session_id() != 0;
    return session;
  }

  static std::unique_ptr<testing::TemporaryDirectory> directory_;
  static testing::ChildProcess server_;
  static int port_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::CoordinatorService::Stub> stub_;
};

std::unique_ptr<testing::TemporaryDirectory> GrpcApiTest::directory_;
testing::ChildProcess GrpcApiTest::server_;
int GrpcApiTest::port_ = 0;

TEST_F(GrpcApiTest, OffersHealthAndReflection) {
  EXPECT_EQ(Health(""), "SERVING");
  EXPECT_EQ(Health("rookery.v1.EnsembleService"), "SERVING");
  EXPECT_EQ(Health("rookery.v1.MetadataService"), "SERVING");
  EXPECT_EQ(Health("no.such.Service"), "service name unknown");
  grpc::Status status;
  // ServerReflectionRequest{list_services = 7}.
  const std::string services = Ask("/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
                                   std::string("\x3a\x00", 2), &status);
  for (const char* name :
       {"rookery.v1.CoordinatorService", "rookery.v1.EnsembleService", "rookery.v1.MetadataService",
        "grpc.health.v1.Health", "grpc.reflection.v1alpha.ServerReflection"}) {
    EXPECT_THAT(services, HasSubstr(name));
  }
}

TEST_F(GrpcApiTest, RefusalsAreStatusesAndAnswersAreResults) {
  v1::ErrorCode error = v1::ERROR_CODE_UNSPECIFIED;
  EXPECT_TRUE(Create(NewNode("/no/parent"), &error).ok());
  EXPECT_EQ(error, v1::ERROR_CODE_NO_NODE);
  v1::CreateRequest ephemeral = NewNode("/e");
  ephemeral.mutable_create()->set_mode(v1::CREATE_MODE_EPHEMERAL);
  const grpc::Status refused = Create(ephemeral);
  EXPECT_EQ(refused.error_code(), StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(refused.error_message(), "BadArguments");
  v1::CreateRequest no_acl = NewNode("/a");
  no_acl.mutable_create()->clear_acl();
  EXPECT_EQ(Create(no_acl).error_code(), StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(Create(NewNode("/a"), nullptr, "digest").error_code(), StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(Create(NewNode("/a"), nullptr, "basic a:b").error_code(), StatusCode::UNAUTHENTICATED);
  const grpc::Status too_large = Create(NewNode("/large", std::string(kFrameBytesMax, 'x')));
  EXPECT_EQ(too_large.error_code(), StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_THAT(too_large.error_message(), HasSubstr("jute.maxbuffer allows 2048"));
}

TEST_F(GrpcApiTest, ScanAndWatchObeyRead) {
  v1::CreateRequest secret = NewNode("/acl/secret");
  secret.mutable_create()->mutable_acl(0)->set_scheme("auth");
  secret.mutable_create()->mutable_acl(0)->set_id("");
  ASSERT_TRUE(Create(NewNode("/acl")).ok());
  ASSERT_TRUE(Create(secret, nullptr, kOwner).ok());
  ASSERT_TRUE(Create(NewNode("/acl/open")).ok());

  EXPECT_THAT(Scan("/acl", ""), ElementsAre("/acl", "/acl/open"));
  EXPECT_THAT(Scan("/acl", kOwner), ElementsAre("/acl", "/acl/open", "/acl/secret"));
  v1::GetDataRequest get;
  get.set_path("/acl/secret");
  v1::GetDataResponse got;
  EXPECT_EQ(stub_->GetData(Call().get(), get, &got).error_code(), StatusCode::PERMISSION_DENIED);

  v1::WatchRequest watch;
  watch.add_paths("/acl/secret");
  watch.add_paths("/acl/open");
  // Who is told what of one change of each, the secret first.
  const auto told = [&](const std::string& auth, size_t count) {
    const auto context = Call(auth);
    auto reader = stub_->Watch(context.get(), watch);
    v1::WatchResponse response;
    EXPECT_TRUE(reader->Read(&response));  // armed
    for (const char* path : {"/acl/secret", "/acl/open"}) {
      v1::SetDataRequest set;
      set.mutable_set_data()->set_path(path);
      v1::SetDataResponse done;
      EXPECT_TRUE(stub_->SetData(Call(kOwner).get(), set, &done).ok());
    }
    std::vector<std::string> paths;
    while (paths.size() < count && reader->Read(&response)) {
      for (const v1::Event& event : response.events()) paths.push_back(event.path());
    }
    context->TryCancel();
    (void)reader->Finish();
    return paths;
  };
  EXPECT_THAT(told("", 1), ElementsAre("/acl/open"));
  EXPECT_THAT(told(kOwner, 2), ElementsAre("/acl/secret", "/acl/open"));
}

TEST_F(GrpcApiTest, SessionsAreCountedAsConnectionsAre) {
  std::vector<Session> sessions;
  for (int i = 0; i < kSessionsMax; ++i) {
    sessions.push_back(Open());
    EXPECT_TRUE(sessions.back().opened);
  }
  Session refused = Open();
  EXPECT_FALSE(refused.opened);
  const grpc::Status status = refused.stream->Finish();
  EXPECT_EQ(status.error_code(), StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_THAT(status.error_message(), HasSubstr("maxClientCnxns allows 3"));
  for (Session& session : sessions) {
    session.stream->WritesDone();
    EXPECT_TRUE(session.stream->Finish().ok());
  }
  // The server forgets a stream a moment after its client.
  bool opened = false;
  for (int i = 0; i < 500 && !opened; ++i) {
    Session again = Open();
    opened = again.opened;
    again.context->TryCancel();
    (void)again.stream->Finish();
  }
  EXPECT_TRUE(opened);
}

TEST_F(GrpcApiTest, ARequestThatIsTooLargeEndsItsStreamAlone) {
  Session other = Open();
  ASSERT_TRUE(other.opened);
  Session session = Open();
  ASSERT_TRUE(session.opened);
  v1::SessionRequest request;
  v1::SessionOperation* operation = request.add_operations();
  operation->set_tag(7);
  *operation->mutable_operation()->mutable_create() =
      NewNode("/large", std::string(kFrameBytesMax, 'x')).create();
  ASSERT_TRUE(session.stream->Write(request));
  v1::SessionResponse response;
  while (session.stream->Read(&response)) {
  }
  const grpc::Status status = session.stream->Finish();
  EXPECT_EQ(status.error_code(), StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_THAT(status.error_message(), HasSubstr("request with tag 7"));

  request.Clear();
  request.add_operations()->mutable_operation()->mutable_exists()->set_path("/");
  ASSERT_TRUE(other.stream->Write(request));
  ASSERT_TRUE(other.stream->Read(&response));
  EXPECT_EQ(response.items(0).reply().result().error(), v1::ERROR_CODE_OK);
  other.stream->WritesDone();
  EXPECT_TRUE(other.stream->Finish().ok());
}

TEST_F(GrpcApiTest, GarbageEndsItsConnectionAlone) {
  const int stranger = socket(AF_INET, SOCK_STREAM, 0);
  const sockaddr_in address = {.sin_family = AF_INET,
                               .sin_port = htons(static_cast<uint16_t>(port_)),
                               .sin_addr = {htonl(INADDR_LOOPBACK)}};
  ASSERT_EQ(connect(stranger, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  const std::string garbage(4096, '\xee');
  ASSERT_GT(send(stranger, garbage.data(), garbage.size(), MSG_NOSIGNAL), 0);
  char byte = 0;
  while (recv(stranger, &byte, 1, 0) > 0) {  // gRPC's farewell, then the end
  }
  close(stranger);
  EXPECT_EQ(Health(""), "SERVING");
}

}  // namespace
}  // namespace rookery
