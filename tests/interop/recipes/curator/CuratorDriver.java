// Curator's recipes on the command of a test: the words of ../driver.cc, said by another library.
//
//   java CuratorDriver SERVERS
//
// In:  WORD NAME ARGUMENT...
// Out: "ok [RESULT]" or "error CODE MESSAGE", one line for each line in

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.recipes.atomic.AtomicValue;
import org.apache.curator.framework.recipes.atomic.DistributedAtomicLong;
import org.apache.curator.framework.recipes.barriers.DistributedBarrier;
import org.apache.curator.framework.recipes.barriers.DistributedDoubleBarrier;
import org.apache.curator.framework.recipes.cache.ChildData;
import org.apache.curator.framework.recipes.cache.CuratorCache;
import org.apache.curator.framework.recipes.leader.LeaderLatch;
import org.apache.curator.framework.recipes.leader.LeaderSelector;
import org.apache.curator.framework.recipes.leader.LeaderSelectorListenerAdapter;
import org.apache.curator.framework.recipes.leader.Participant;
import org.apache.curator.framework.recipes.locks.InterProcessMutex;
import org.apache.curator.framework.recipes.locks.InterProcessReadWriteLock;
import org.apache.curator.framework.recipes.locks.Revoker;
import org.apache.curator.framework.recipes.nodes.GroupMember;
import org.apache.curator.framework.recipes.queue.SimpleDistributedQueue;
import org.apache.curator.framework.recipes.shared.SharedCount;
import org.apache.curator.framework.recipes.shared.VersionedValue;
import org.apache.curator.retry.ExponentialBackoffRetry;
import org.apache.curator.x.discovery.ServiceDiscovery;
import org.apache.curator.x.discovery.ServiceDiscoveryBuilder;
import org.apache.curator.x.discovery.ServiceInstance;
import org.apache.curator.x.discovery.details.JsonInstanceSerializer;
import org.apache.zookeeper.KeeperException;

public final class CuratorDriver {
  private static final int SESSION_TIMEOUT_MS = 6000;
  private static final int CONNECT_TIMEOUT_MS = 10000;

  private interface Word {
    String run(String[] words) throws Exception;
  }

  // What a wait within its time did not bring.
  @SuppressWarnings("serial")
  private static final class TooLate extends Exception {}

  // What is acquired and released: the locks and elections.
  private interface Holder {
    boolean acquire(long waitMs) throws Exception;

    void release() throws Exception;

    List<String> contenders() throws Exception;
  }

  private final CuratorFramework client;
  private final Map<String, Word> words = new HashMap<>();
  private final Map<String, Holder> holders = new HashMap<>();
  private final Map<String, GroupMember> members = new HashMap<>();
  private final Map<String, String> groups = new HashMap<>();
  private final Map<String, DistributedBarrier> barriers = new HashMap<>();
  private final Map<String, DistributedDoubleBarrier> doubleBarriers = new HashMap<>();
  private final Map<String, SimpleDistributedQueue> queues = new HashMap<>();
  private final Map<String, Word> counters = new HashMap<>();
  private final Map<String, CuratorCache> caches = new HashMap<>();
  private final Map<String, List<String>> heard = new HashMap<>();
  private final List<Closeable> opened = new ArrayList<>();

  private CuratorDriver(CuratorFramework client) {
    this.client = client;
    addHolders();
    addGroups();
    addBarriers();
    addQueues();
    addCounters();
    addDiscovery();
    addCaches();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] bytes) {
    return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
  }

  private static String inTime(boolean done) throws TooLate {
    if (!done) throw new TooLate();
    return "";
  }

  private static List<String> ids(Collection<Participant> participants) {
    List<String> ids = new ArrayList<>();
    for (Participant one : participants) ids.add(one.getId());
    return ids;
  }

  // NAME PATH STYLE IDENTIFIER ..., then acquire NAME WAIT_MS, release NAME, contenders NAME; of a
  // lock, before it is acquired, revocable NAME, then revoke NAME, asked NAME.
  private void addHolders() {
    words.put("lock", w -> hold(w[1], new Mutex(new InterProcessMutex(client, w[2]) {
      @Override
      protected byte[] getLockNodeBytes() {
        return bytes(w[4]);
      }
    })));
    words.put("shared", w -> {
      InterProcessReadWriteLock lock = new InterProcessReadWriteLock(client, w[2], bytes(w[4]));
      return hold(w[1], new Mutex(w[5].equals("read") ? lock.readLock() : lock.writeLock()));
    });
    words.put("election", w -> hold(w[1], w[5].equals("latch") ? new Latch(w[2], w[4])
                                                              : new Selector(w[2], w[4])));
    words.put("acquire", w -> inTime(holders.get(w[1]).acquire(Long.parseLong(w[2]))));
    words.put("release", w -> {
      holders.get(w[1]).release();
      return "";
    });
    words.put("contenders", w -> String.join(",", holders.get(w[1]).contenders()));
    words.put("revocable", w -> {
      ((Mutex) holders.get(w[1])).revocable();
      return "";
    });
    words.put("revoke", w -> {
      ((Mutex) holders.get(w[1])).revoke();
      return "";
    });
    words.put("asked", w -> String.valueOf(((Mutex) holders.get(w[1])).asked));
    words.put("leader", w -> holders.get(w[1]).contenders().get(0));
  }

  private String hold(String name, Holder holder) {
    holders.put(name, holder);
    return "";
  }

  private final class Mutex implements Holder {
    private final InterProcessMutex mutex;
    private volatile boolean asked = false;

    Mutex(InterProcessMutex mutex) {
      this.mutex = mutex;
    }

    void revocable() {
      mutex.makeRevocable(unused -> asked = true);
    }

    void revoke() throws Exception {
      Revoker.attemptRevoke(client, mutex.getParticipantNodes().iterator().next());
    }

    @Override
    public boolean acquire(long waitMs) throws Exception {
      return mutex.acquire(waitMs, TimeUnit.MILLISECONDS);
    }

    @Override
    public void release() throws Exception {
      mutex.release();
    }

    @Override
    public List<String> contenders() throws Exception {
      List<String> found = new ArrayList<>();
      for (String path : mutex.getParticipantNodes()) {
        try {
          found.add(text(client.getData().forPath(path)));
        } catch (KeeperException.NoNodeException gone) {
          // It left since the list was read.
        }
      }
      return found;
    }
  }

  // A latch that was closed does not open again, so each try has one of its own.
  private final class Latch implements Holder {
    private final String path;
    private final String id;
    private LeaderLatch latch;

    Latch(String path, String id) {
      this.path = path;
      this.id = id;
    }

    @Override
    public boolean acquire(long waitMs) throws Exception {
      latch = new LeaderLatch(client, path, id);
      latch.start();
      if (latch.await(waitMs, TimeUnit.MILLISECONDS)) return true;
      latch.close();
      return false;
    }

    @Override
    public void release() throws Exception {
      latch.close();
    }

    @Override
    public List<String> contenders() throws Exception {
      return ids(new LeaderLatch(client, path).getParticipants());
    }
  }

  private final class Selector implements Holder {
    private final String path;
    private final String id;
    private LeaderSelector selector;
    private CountDownLatch done;

    Selector(String path, String id) {
      this.path = path;
      this.id = id;
    }

    @Override
    public boolean acquire(long waitMs) throws Exception {
      CountDownLatch leading = new CountDownLatch(1);
      CountDownLatch enough = new CountDownLatch(1);
      done = enough;
      selector = new LeaderSelector(client, path, new LeaderSelectorListenerAdapter() {
        @Override
        public void takeLeadership(CuratorFramework unused) throws Exception {
          leading.countDown();
          enough.await();
        }
      });
      selector.setId(id);
      selector.start();
      if (leading.await(waitMs, TimeUnit.MILLISECONDS)) return true;
      release();
      return false;
    }

    @Override
    public void release() {
      done.countDown();
      selector.close();
    }

    @Override
    public List<String> contenders() throws Exception {
      LeaderSelector look = new LeaderSelector(client, path, new LeaderSelectorListenerAdapter() {
        @Override
        public void takeLeadership(CuratorFramework unused) {}
      });
      return ids(look.getParticipants());
    }
  }

  // group NAME PATH STYLE; join NAME MEMBER [ABOUT]; members NAME; leave_group NAME.
  private void addGroups() {
    words.put("group", w -> {
      groups.put(w[1], w[2]);
      return "";
    });
    words.put("join", w -> {
      GroupMember member =
          new GroupMember(client, groups.get(w[1]), w[2], bytes(w.length > 3 ? w[3] : ""));
      member.start();
      members.put(w[1], member);
      return "";
    });
    words.put("members", w -> {
      List<String> found = new ArrayList<>();
      new TreeMap<>(members.get(w[1]).getCurrentMembers())
          .forEach((name, about) -> found.add(name + "=" + text(about)));
      return String.join(",", found);
    });
    words.put("leave_group", w -> {
      members.remove(w[1]).close();
      return "";
    });
  }

  // cache NAME PATH, by a watch that stays on all of the subtree; cached NAME, what it holds; heard
  // NAME, the changes since it was asked last.
  private void addCaches() {
    words.put("cache", w -> {
      CuratorCache cache = CuratorCache.build(client, w[2]);
      List<String> changes = new ArrayList<>();
      cache.listenable().addListener((type, before, now) -> {
        synchronized (changes) {
          changes.add(type + ":" + (now == null ? before : now).getPath());
        }
      });
      cache.start();
      caches.put(w[1], cache);
      heard.put(w[1], changes);
      return "";
    });
    words.put("cached", w -> {
      TreeMap<String, String> found = new TreeMap<>();
      caches.get(w[1]).stream().forEach((ChildData one) -> found.put(one.getPath(), text(one.getData())));
      List<String> shown = new ArrayList<>();
      found.forEach((path, data) -> shown.add(path + "=" + data));
      return String.join(",", shown);
    });
    words.put("heard", w -> {
      List<String> changes = heard.get(w[1]);
      synchronized (changes) {
        String told = String.join(",", changes);
        changes.clear();
        return told;
      }
    });
  }

  // barrier NAME PATH; set, remove NAME; wait NAME WAIT_MS; double_barrier NAME PATH MEMBERS; enter,
  // leave NAME WAIT_MS.
  private void addBarriers() {
    words.put("barrier", w -> {
      barriers.put(w[1], new DistributedBarrier(client, w[2]));
      return "";
    });
    words.put("set", w -> {
      barriers.get(w[1]).setBarrier();
      return "";
    });
    words.put("remove", w -> {
      barriers.get(w[1]).removeBarrier();
      return "";
    });
    words.put("wait", w -> inTime(
        barriers.get(w[1]).waitOnBarrier(Long.parseLong(w[2]), TimeUnit.MILLISECONDS)));
    words.put("double_barrier", w -> {
      doubleBarriers.put(w[1], new DistributedDoubleBarrier(client, w[2], Integer.parseInt(w[3])));
      return "";
    });
    words.put("enter", w -> inTime(
        doubleBarriers.get(w[1]).enter(Long.parseLong(w[2]), TimeUnit.MILLISECONDS)));
    words.put("leave", w -> inTime(
        doubleBarriers.get(w[1]).leave(Long.parseLong(w[2]), TimeUnit.MILLISECONDS)));
  }

  // queue NAME PATH STYLE; put NAME ITEM; take NAME WAIT_MS.
  private void addQueues() {
    words.put("queue", w -> {
      queues.put(w[1], new SimpleDistributedQueue(client, w[2]));
      return "";
    });
    words.put("put", w -> inTime(queues.get(w[1]).offer(bytes(w[2]))));
    words.put("take", w -> {
      byte[] item = queues.get(w[1]).poll(Long.parseLong(w[2]), TimeUnit.MILLISECONDS);
      inTime(item != null);
      return text(item);
    });
  }

  // counter NAME PATH int32|int64; add NAME DELTA.
  private void addCounters() {
    words.put("counter", w -> {
      counters.put(w[1], w[3].equals("int32") ? sharedCount(w[2]) : atomicLong(w[2]));
      return "";
    });
    words.put("add", w -> counters.get(w[1]).run(w));
  }

  private Word sharedCount(String path) throws Exception {
    SharedCount count = new SharedCount(client, path, 0);
    count.start();
    opened.add(count);
    return w -> {
      while (true) {
        VersionedValue<Integer> now = count.getVersionedValue();
        int sum = now.getValue() + Integer.parseInt(w[2]);
        if (count.trySetCount(now, sum)) return String.valueOf(sum);
      }
    };
  }

  private Word atomicLong(String path) {
    DistributedAtomicLong number =
        new DistributedAtomicLong(client, path, new ExponentialBackoffRetry(10, 20));
    return w -> {
      AtomicValue<Long> added = number.add(Long.parseLong(w[2]));
      inTime(added.succeeded());
      return String.valueOf(added.postValue());
    };
  }

  // register NAME BASE SERVICE ADDRESS PORT; resolve - BASE SERVICE.
  private void addDiscovery() {
    words.put("register", w -> {
      ServiceInstance<Void> instance = ServiceInstance.<Void>builder()
          .name(w[3]).address(w[4]).port(Integer.parseInt(w[5])).build();
      discovery(w[2]).registerService(instance);
      return "";
    });
    words.put("resolve", w -> {
      List<String> found = new ArrayList<>();
      for (ServiceInstance<Void> one : discovery(w[2]).queryForInstances(w[3])) {
        found.add(one.getAddress() + ":" + one.getPort());
      }
      return String.join(",", found);
    });
  }

  private ServiceDiscovery<Void> discovery(String base) throws Exception {
    ServiceDiscovery<Void> discovery = ServiceDiscoveryBuilder.builder(Void.class)
        .client(client).basePath(base)
        .serializer(new JsonInstanceSerializer<>(Void.class)).build();
    discovery.start();
    opened.add(discovery);
    return discovery;
  }

  private String answer(String[] line) {
    Word word = words.get(line[0]);
    if (word == null) return "error UNKNOWN_WORD " + line[0];
    try {
      return "ok " + word.run(line);
    } catch (TooLate late) {
      return "error DEADLINE_EXCEEDED it took too long";
    } catch (Exception why) {
      return "error " + why.getClass().getSimpleName() + " "
          + String.valueOf(why.getMessage()).replace('\n', ' ');
    }
  }

  public static void main(String[] arguments) throws Exception {
    CuratorFramework client = CuratorFrameworkFactory.builder()
        .connectString(arguments[0])
        .sessionTimeoutMs(SESSION_TIMEOUT_MS)
        .connectionTimeoutMs(CONNECT_TIMEOUT_MS)
        .retryPolicy(new ExponentialBackoffRetry(100, 5))
        .build();
    client.start();
    boolean connected = client.blockUntilConnected(CONNECT_TIMEOUT_MS, TimeUnit.MILLISECONDS);
    if (!connected) throw new IllegalStateException("no connection");
    CuratorDriver driver = new CuratorDriver(client);
    System.out.println("ok");
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      if (!line.isBlank()) System.out.println(driver.answer(line.trim().split("\\s+")));
    }
    client.close();
    System.exit(0);  // whatever waits still
  }
}
