#include "detect/uplink/spool.hpp"

#include "detect/alert/wire.hpp"
#include "tests/detect/alert/example_alert.hpp"
#include "tests/detect/uplink/temporary_folder.hpp"

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <fstream>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

BOOST_AUTO_TEST_SUITE(alert_spool)

using namespace cresset;
using namespace cresset::detect;
using namespace cresset::detect::uplink;

spool open_spool(const temporary_folder& folder, std::uint64_t limit = 1 << 20) {
  auto opened = spool::open({folder.path(), limit});
  BOOST_REQUIRE_MESSAGE(opened, (opened ? "" : opened.error().text));
  return *std::move(opened);
}

std::vector<alert::alert> alerts(std::size_t count, unsigned severity = 2, std::uint32_t sid = 1) {
  std::vector<alert::alert> made(count, alert::example_alert());
  for (auto& one : made) {
    one.severity = alert::severity{severity};
    one.sid = sid++;
  }
  return made;
}

std::uint64_t append(spool& to, std::vector<alert::alert> what) {
  const auto last = to.append(what);
  BOOST_REQUIRE_MESSAGE(last, (last ? "" : last.error().text));
  return *last;
}

struct held {
  std::vector<alert::alert> alerts;
  std::vector<alert::batch_entry> dropped;
  std::uint64_t next = 0;
};

held read_all(const spool& from, std::uint64_t first, read_limits limits = {}) {
  held found;
  found.next = first;
  for (;;) {
    alert::batch_writer batch{1, 1, found.next};
    const auto any = from.read(batch, limits);
    BOOST_REQUIRE(any);
    if (!*any)
      return found;
    found.next = batch.next();
    const auto bytes = std::move(batch).finish();
    const auto message = alert::read_sensor_message(bytes);
    BOOST_REQUIRE(message);
    for (const auto& entry : std::get<alert::batch_message>(message->body).entries) {
      if (entry.dropped) {
        found.dropped.push_back(entry);
        continue;
      }
      auto one = alert::decode(entry.record);
      BOOST_REQUIRE(one);
      BOOST_TEST(one->sequence == entry.first);
      found.alerts.push_back(*std::move(one));
    }
  }
}

BOOST_AUTO_TEST_CASE(alerts_come_back_in_order_and_numbered_from_one) {
  const temporary_folder folder;
  auto spool = open_spool(folder);
  BOOST_TEST(append(spool, alerts(3)) == 3);
  BOOST_TEST(append(spool, alerts(2, 2, 4)) == 5);
  const auto found = read_all(spool, 1);
  BOOST_REQUIRE(found.alerts.size() == 5);
  for (std::uint32_t i = 0; i < 5; ++i) {
    BOOST_TEST(found.alerts[i].sid == i + 1);
    BOOST_TEST((found.alerts[i].epoch == spool.position().epoch));
  }
  auto expected_alert = alerts(1)[0];
  expected_alert.epoch = spool.position().epoch;
  expected_alert.sequence = 1;
  BOOST_TEST((found.alerts[0] == expected_alert));
}

BOOST_AUTO_TEST_CASE(epoch_numbers_and_records_survive_a_restart) {
  const temporary_folder folder;
  alert::epoch_id epoch;
  {
    auto spool = open_spool(folder);
    append(spool, alerts(3));
    epoch = spool.position().epoch;
    BOOST_REQUIRE(spool.acknowledge(epoch, 1));
  }
  auto spool = open_spool(folder);
  BOOST_TEST((spool.position().epoch == epoch));
  BOOST_TEST(spool.position().first == 2);
  BOOST_TEST(spool.position().next == 4);
  BOOST_TEST(append(spool, alerts(1)) == 4);
  BOOST_TEST(read_all(spool, 2).alerts.size() == 3);
}

BOOST_AUTO_TEST_CASE(two_spools_have_two_epochs) {
  const temporary_folder one, other;
  BOOST_TEST((open_spool(one).position().epoch != open_spool(other).position().epoch));
}

BOOST_AUTO_TEST_CASE(what_a_server_confirmed_is_forgotten_and_nothing_else) {
  const temporary_folder folder;
  auto spool = open_spool(folder);
  append(spool, alerts(10));
  const auto epoch = spool.position().epoch;
  alert::epoch_id other = epoch;
  other.bytes[0] ^= std::byte{1};
  BOOST_REQUIRE(spool.acknowledge(other, 10));
  BOOST_TEST(spool.position().first == 1);
  BOOST_REQUIRE(spool.acknowledge(epoch, 4));
  BOOST_REQUIRE(spool.acknowledge(epoch, 2));
  BOOST_TEST(spool.position().first == 5);
  BOOST_TEST(read_all(spool, 5).alerts.size() == 6);
  BOOST_TEST(read_all(spool, 1).alerts.empty());
  BOOST_REQUIRE(spool.acknowledge(epoch, 99));
  BOOST_TEST(spool.position().first == 11);
  BOOST_TEST(spool.position().next == 11);
  BOOST_TEST(spool.counters().held_records.value() == 0);
  BOOST_TEST(spool.counters().held_bytes.value() == 0);
  BOOST_TEST(spool.counters().acknowledged.value() == 10);
}

BOOST_AUTO_TEST_CASE(a_batch_keeps_within_its_limits) {
  const temporary_folder folder;
  auto spool = open_spool(folder);
  append(spool, alerts(50));
  alert::batch_writer few{1, 1, 1};
  BOOST_REQUIRE(spool.read(few, {.entries = 7}));
  BOOST_TEST(few.entries() == 7);
  alert::batch_writer small{1, 1, 1};
  BOOST_REQUIRE(spool.read(small, {.bytes = 3000}));
  BOOST_TEST(small.size_bytes() <= 3000);
  BOOST_TEST(small.entries() > 1);
  alert::batch_writer tiny{1, 1, 1};
  BOOST_REQUIRE(spool.read(tiny, {.bytes = 1}));
  BOOST_TEST(tiny.entries() == 1);
  BOOST_TEST(read_all(spool, 1, {.entries = 7}).alerts.size() == 50);
}

BOOST_AUTO_TEST_CASE(a_full_spool_drops_the_oldest_of_the_least_urgent_and_declares_them) {
  const temporary_folder folder;
  auto spool = open_spool(folder, 1 << 20);
  append(spool, alerts(200, 1));
  append(spool, alerts(200, 3));
  while (spool.counters().dropped.value() < 150)
    append(spool, alerts(50, 2));
  const auto dropped = spool.counters().dropped.value();
  const auto found = read_all(spool, 1);
  BOOST_REQUIRE(found.dropped.size() == 1); // one run of the oldest of severity 3
  BOOST_TEST(found.dropped[0].first == 201);
  BOOST_TEST(found.dropped[0].last == 200 + dropped);
  BOOST_TEST((found.dropped[0].dropped == alert::drop_reason::spool_full));
  BOOST_TEST(found.alerts.size() + dropped == spool.position().next - 1);
  BOOST_TEST(spool.counters().held_bytes.value() <= 1 << 20);
}

BOOST_AUTO_TEST_CASE(the_file_of_a_spool_that_stays_full_stops_growing) {
  const temporary_folder folder;
  auto spool = open_spool(folder, 1 << 20);
  for (int i = 0; i < 60; ++i)
    append(spool, alerts(100, 1 + i % 3));
  BOOST_TEST(spool.counters().dropped.value() > 3000);
  BOOST_TEST(std::filesystem::file_size(folder.path() / "alerts.mdb") < (8U << 20));
  const auto found = read_all(spool, 1);
  std::uint64_t declared = 0;
  for (const auto& range : found.dropped)
    declared += range.last - range.first + 1;
  BOOST_TEST(found.alerts.size() + declared == 6000);
  BOOST_TEST(found.alerts.front().severity.value() == 1);
}

BOOST_AUTO_TEST_CASE(a_range_is_forgotten_with_what_is_around_it) {
  const temporary_folder folder;
  auto spool = open_spool(folder, 1 << 20);
  append(spool, alerts(10, 1));
  while (spool.counters().dropped.value() == 0)
    append(spool, alerts(100, 3));
  const auto before = read_all(spool, 1);
  BOOST_REQUIRE(before.dropped.size() == 1);
  const auto middle = before.dropped[0].first + 1;
  BOOST_REQUIRE(spool.acknowledge(spool.position().epoch, middle));
  const auto behind = read_all(spool, middle + 1);
  BOOST_TEST(behind.next == spool.position().next);
  if (before.dropped[0].last > middle)
    BOOST_TEST(behind.dropped.at(0).first == middle + 1);
}

BOOST_AUTO_TEST_CASE(a_new_epoch_numbers_what_is_held_from_one) {
  const temporary_folder folder;
  auto spool = open_spool(folder);
  append(spool, alerts(5));
  const auto epoch = spool.position().epoch;
  BOOST_REQUIRE(spool.acknowledge(epoch, 2));
  BOOST_REQUIRE(spool.begin_epoch());
  BOOST_TEST((spool.position().epoch != epoch));
  BOOST_TEST(spool.position().first == 1);
  BOOST_TEST(spool.position().next == 4);
  append(spool, alerts(1, 2, 6));
  const auto found = read_all(spool, 1);
  BOOST_REQUIRE(found.alerts.size() == 4);
  BOOST_TEST(found.alerts[0].sid == 3);
  BOOST_TEST(found.alerts[3].sid == 6);
  BOOST_TEST((found.alerts[0].epoch == spool.position().epoch));
}

/// Runs `work` in a process of its own and kills it with SIGKILL once it wrote a byte into the pipe
/// `said` times.
template <typename Work>
std::vector<std::uint64_t> kill_while(Work work, std::size_t said) {
  int ends[2];
  BOOST_REQUIRE(pipe(ends) == 0);
  const pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    work([&](std::uint64_t number) {
      if (write(ends[1], &number, sizeof number) != sizeof number)
        _exit(1);
    });
    _exit(0);
  }
  close(ends[1]);
  std::vector<std::uint64_t> numbers;
  std::uint64_t number = 0;
  while (numbers.size() < said && read(ends[0], &number, sizeof number) == sizeof number)
    numbers.push_back(number);
  kill(child, SIGKILL);
  while (read(ends[0], &number, sizeof number) == sizeof number)
    numbers.push_back(number);
  close(ends[0]);
  waitpid(child, nullptr, 0);
  return numbers;
}

BOOST_AUTO_TEST_CASE(nothing_that_was_committed_is_lost_when_the_writer_is_killed) {
  const temporary_folder folder;
  std::uint64_t committed = 0;
  for (int round = 0; round < 3; ++round) {
    const auto numbers = kill_while(
        [&](auto say) {
          auto spool = spool::open({folder.path(), 64 << 20});
          for (std::uint32_t i = 0; spool; ++i) {
            auto group = alerts(7);
            const auto last = spool->append(group);
            if (!last)
              _exit(1);
            say(*last);
          }
        },
        20);
    BOOST_REQUIRE(numbers.size() >= 20);
    BOOST_TEST(numbers.front() > committed);
    committed = numbers.back();
    auto spool = open_spool(folder, 64 << 20);
    const auto found = read_all(spool, 1);
    BOOST_TEST(found.alerts.size() >= committed);
    BOOST_TEST(found.dropped.empty());
    BOOST_TEST(spool.position().next - 1 == found.alerts.size());
    committed = found.alerts.size();
  }
}

std::string refusal(const temporary_folder& folder, spool_error::code why) {
  const auto opened = spool::open({folder.path(), 1 << 20});
  BOOST_REQUIRE(!opened);
  BOOST_TEST((opened.error().why == why), opened.error().text);
  BOOST_TEST(opened.error().text.find('\n') == std::string::npos);
  BOOST_TEST(opened.error().text.find(folder.path().string()) != std::string::npos,
             opened.error().text);
  return opened.error().text;
}

BOOST_AUTO_TEST_CASE(a_spool_in_use_is_refused) {
  const temporary_folder folder;
  const auto first = open_spool(folder);
  refusal(folder, spool_error::code::in_use);
}

BOOST_AUTO_TEST_CASE(a_file_that_is_no_spool_is_refused_and_left_alone) {
  const temporary_folder folder;
  const std::string text(10000, 'x');
  std::ofstream{folder.path() / "alerts.mdb"} << text;
  BOOST_TEST(refusal(folder, spool_error::code::foreign).find("move it aside") !=
             std::string::npos);
  BOOST_TEST(std::filesystem::file_size(folder.path() / "alerts.mdb") == text.size());
}

BOOST_AUTO_TEST_CASE(a_truncated_spool_is_refused) {
  const temporary_folder folder;
  {
    auto spool = open_spool(folder);
    append(spool, alerts(200));
  }
  const auto file = folder.path() / "alerts.mdb";
  std::filesystem::resize_file(file, std::filesystem::file_size(file) / 2);
  refusal(folder, spool_error::code::damaged);
}

BOOST_AUTO_TEST_CASE(a_spool_with_pages_of_rubbish_is_refused_or_declares_what_is_lost) {
  int refused = 0;
  for (int page = 2; page < 14; ++page) {
    const temporary_folder folder;
    {
      auto spool = open_spool(folder);
      append(spool, alerts(60));
    }
    {
      std::fstream file{folder.path() / "alerts.mdb",
                        std::ios::in | std::ios::out | std::ios::binary};
      file.seekp(page * 4096);
      const std::string rubbish(4096, '\x5a');
      file << rubbish;
    }
    auto opened = spool::open({folder.path(), 1 << 20});
    if (!opened) {
      ++refused;
      BOOST_TEST((opened.error().why == spool_error::code::damaged ||
                  opened.error().why == spool_error::code::foreign),
                 opened.error().text);
    }
  }
  BOOST_TEST(refused > 0);
}

BOOST_AUTO_TEST_CASE(a_record_whose_bytes_changed_is_declared_damaged) {
  const temporary_folder folder;
  {
    auto spool = open_spool(folder);
    append(spool, alerts(3));
  }
  {
    std::fstream file{folder.path() / "alerts.mdb",
                      std::ios::in | std::ios::out | std::ios::binary};
    std::string bytes{std::istreambuf_iterator<char>{file}, {}};
    const auto place = bytes.find("A Network Trojan was detected");
    BOOST_REQUIRE(place != std::string::npos);
    while (bytes.find("A Network Trojan was detected") != std::string::npos)
      bytes[bytes.find("A Network Trojan was detected")] = 'B';
    file.seekp(0);
    file << bytes;
  }
  auto spool = open_spool(folder);
  const auto found = read_all(spool, 1);
  BOOST_TEST(found.alerts.empty());
  BOOST_REQUIRE(found.dropped.size() == 3);
  BOOST_TEST((found.dropped[0].dropped == alert::drop_reason::spool_damaged));
  BOOST_TEST(spool.counters().damaged.value() == 3);
}

BOOST_AUTO_TEST_CASE(a_folder_that_cannot_be_made_is_named) {
  const temporary_folder folder;
  std::ofstream{folder.path() / "file"} << "x";
  const auto opened = spool::open({folder.path() / "file" / "spool", 1 << 20});
  BOOST_REQUIRE(!opened);
  BOOST_TEST((opened.error().why == spool_error::code::bad_folder));
  BOOST_TEST(opened.error().text.find("spool.folder") != std::string::npos);
}

/// A limit on the size of files stands for a full disk: the same writes fail, whoever runs the
/// test.
BOOST_AUTO_TEST_CASE(a_full_disk_is_told_and_harms_nothing_stored) {
  const temporary_folder folder;
  const auto numbers = kill_while(
      [&](auto say) {
        std::signal(SIGXFSZ, SIG_IGN);
        auto spool = spool::open({folder.path(), 64 << 20});
        const rlimit limit{1 << 20, RLIM_INFINITY};
        setrlimit(RLIMIT_FSIZE, &limit);
        std::uint64_t stored = 0;
        for (;;) {
          auto group = alerts(100);
          const auto last = spool->append(group);
          if (!last) {
            say(last.error().why == spool_error::code::no_space ? stored : 0);
            break;
          }
          stored = *last;
        }
        const rlimit room{RLIM_INFINITY, RLIM_INFINITY};
        setrlimit(RLIMIT_FSIZE, &room);
        auto group = alerts(10);
        const auto again = spool->append(group);
        say(again ? *again : 0);
        const std::uint64_t failed = spool->counters().failed_writes.value();
        say(failed);
      },
      3);
  BOOST_REQUIRE(numbers.size() == 3);
  BOOST_TEST(numbers[0] > 0);
  BOOST_TEST(numbers[1] == numbers[0] + 10);
  BOOST_TEST(numbers[2] == 1);
  BOOST_TEST(read_all(open_spool(folder, 64 << 20), 1).alerts.size() == numbers[1]);
}

BOOST_AUTO_TEST_SUITE_END()
