// What a gRPC client may put into a message beside what it should.
#include <gtest/gtest.h>

#include <cstdint>

#include "coordinator/frontend/grpc/convert.h"

namespace rookery::frontend {
namespace {

TEST(ConvertRequestTest, ACreateModeOfAnyNumberIsOneThatNoCreateHas) {
  for (const int32_t mode : {6, 1000, INT32_MAX, -1, INT32_MIN}) {
    v1::Create create;
    create.set_path("/a");
    create.set_mode(static_cast<v1::CreateMode>(mode));
    const model::WriteOperation operation = FromProto(create);
    EXPECT_LT(std::get<model::CreateRequest>(operation).flags, 0) << mode;
  }
}

TEST(ConvertRequestTest, AContainerIsOneAloneAndInAMulti) {
  v1::Create create;
  create.set_path("/a");
  create.set_mode(v1::CREATE_MODE_CONTAINER);
  const model::WriteOperation alone = FromProto(create);
  EXPECT_TRUE(std::get<model::CreateRequest>(alone).container);
  v1::Multi multi;
  *multi.add_parts()->mutable_create() = create;
  const auto operation = FromProto(multi);
  ASSERT_TRUE(operation.ok());
  const auto& parts = std::get<model::MultiRequest>(*operation).parts;
  EXPECT_EQ(std::get<model::CreateRequest>(parts.at(0)).flags, model::kContainer);
}

TEST(ConvertRequestTest, RefusesAnEmptyOperationAndAnEmptyPart) {
  EXPECT_EQ(FromProto(v1::Operation()).status().code(), absl::StatusCode::kInvalidArgument);
  v1::Multi multi;
  multi.add_parts();
  EXPECT_EQ(FromProto(multi).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(ConvertRequestTest, RefusesAKindOfWatchThatIsNone) {
  for (const int32_t number : {0, 3, -1, INT32_MAX, INT32_MIN}) {
    v1::Operation operation;
    operation.mutable_add_watch()->set_path("/a");
    operation.mutable_add_watch()->set_mode(static_cast<v1::WatchMode>(number));
    EXPECT_EQ(FromProto(operation).status().code(), absl::StatusCode::kInvalidArgument) << number;
  }
  for (const int32_t number : {0, 6, -1, INT32_MAX, INT32_MIN}) {
    v1::Operation check;
    check.mutable_check_watches()->set_type(static_cast<v1::WatcherType>(number));
    EXPECT_EQ(FromProto(check).status().code(), absl::StatusCode::kInvalidArgument) << number;
    v1::Operation remove;
    remove.mutable_remove_watches()->set_type(static_cast<v1::WatcherType>(number));
    EXPECT_EQ(FromProto(remove).status().code(), absl::StatusCode::kInvalidArgument) << number;
  }
}

}  // namespace
}  // namespace rookery::frontend
