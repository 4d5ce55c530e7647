"""The gRPC API for tests, with stubs generated from schemas/ as a user generates them.

    api = GrpcApi()
    metadata = api.metadata("127.0.0.1:3181", login="digest admin:secret")
    metadata.ListBrokers(api.metadata_pb2.ListBrokersRequest())
"""

import importlib
import pathlib
import shutil
import subprocess
import sys
import tempfile

import grpc

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Login(grpc.UnaryUnaryClientInterceptor, grpc.UnaryStreamClientInterceptor):
    """Adds the metadata `rookery-auth` to every call."""

    def __init__(self, login):
        self.login = login

    def with_login(self, details):
        metadata = list(details.metadata or []) + [("rookery-auth", self.login)]
        return details._replace(metadata=metadata)

    def intercept_unary_unary(self, go_on, details, request):
        return go_on(self.with_login(details), request)

    def intercept_unary_stream(self, go_on, details, request):
        return go_on(self.with_login(details), request)


class GrpcApi:
    error = grpc.RpcError

    def __init__(self):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="rookery-stubs-"))
        subprocess.run([ROOT / "tools" / "python-stubs", self.dir], check=True)
        sys.path.insert(0, str(self.dir))
        self.metadata_pb2 = importlib.import_module("rookery.v1.metadata_pb2")
        self.events_pb2 = importlib.import_module("rookery.v1.metadata_events_pb2")
        self.types_pb2 = importlib.import_module("rookery.v1.metadata_types_pb2")
        self.grpc_pb2 = importlib.import_module("rookery.v1.metadata_pb2_grpc")
        shutil.rmtree(self.dir)

    def channel(self, server, login=None):
        channel = grpc.insecure_channel(server, options=[("grpc.enable_http_proxy", 0)])
        return grpc.intercept_channel(channel, Login(login)) if login else channel

    def metadata(self, server, login=None):
        return self.grpc_pb2.MetadataServiceStub(self.channel(server, login))
