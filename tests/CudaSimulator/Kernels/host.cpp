// Fibers for kernels with barriers: every thread of a block has a stack of its own and runs to the next barrier in turn.
#include "host.h"
#include "launch.h"
#include <csetjmp>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <ucontext.h>

namespace host
{
    namespace
    {
        /// What a kernel may put on its stack, the sanitizers' padding in; no power of two, or all stacks would want the same lines of the cache.
        constexpr size_t StackBytes = 32 * 1024 + 320;

        constexpr int MostThreads = 256;

        /// Where a fiber, or the scheduler, goes on. Made by ucontext, changed by setjmp: that leaves out two system calls a change.
        struct Fiber
        {
            jmp_buf here;
            bool done;
        };

        struct Block
        {
            Fiber fibers[MostThreads];
            jmp_buf scheduler;
            std::unique_ptr<char[]> stacks;
            void (*call)(void**);
            void** arguments;
        };

        thread_local Block* running;

        [[noreturn]] void stop(const char* why)
        {
            std::fprintf(stderr, "kernel: %s (thread %d of block %d)\n", why, place.thread, place.block);
            std::abort();
        }

        void to_scheduler(Fiber& self)
        {
            if (_setjmp(self.here) == 0)
                _longjmp(running->scheduler, 1);
        }

        [[gnu::noinline]] void to_fiber(Fiber& fiber)
        {
            if (_setjmp(running->scheduler) == 0)
                _longjmp(fiber.here, 1);
        }

        /// A fiber serves its thread in one block after another.
        void run_fiber()
        {
            Fiber& self = running->fibers[place.thread];
            for (;;)
            {
                to_scheduler(self);
                running->call(running->arguments);
                self.done = true;
            }
        }

        [[gnu::noinline]] void start_fiber(char* stack)
        {
            ucontext_t context;
            getcontext(&context);
            context.uc_stack.ss_sp = stack;
            context.uc_stack.ss_size = StackBytes;
            context.uc_link = nullptr;
            makecontext(&context, run_fiber, 0);
            if (_setjmp(running->scheduler) == 0)
                setcontext(&context);
        }

        /// From barrier to barrier: all come to each, or all are through.
        void run_block(Block& block)
        {
            for (int left = place.blockSize; left > 0;)
            {
                int done = 0;
                for (int t = 0; t < place.blockSize; t++)
                {
                    place.thread = t;
                    block.fibers[t].done = false;
                    to_fiber(block.fibers[t]);
                    done += block.fibers[t].done;
                }

                if (done != 0 && done != left)
                    stop("some threads ended where others wait at a barrier");
                left -= done;
            }
        }
    }

    void wait()
    {
        if (!running)
            stop("a barrier in a kernel that is not marked as having them");
        to_scheduler(running->fibers[place.thread]);
    }

    void launch(const LaunchShape& shape, bool barriers, void (*call)(void**), void** arguments)
    {
        if (shape.gridY != 1 || shape.gridZ != 1 || shape.blockY != 1 || shape.blockZ != 1 || shape.blockX > MostThreads || shape.blockX % 32 != 0)
            stop("a launch that is not a row of blocks of 32 to 256 threads, a multiple of 32");
        place = {0, (int)shape.blockX, 0, (int)shape.gridX};
        if (!barriers)
        {
            for (place.block = 0; place.block < place.blocks; place.block++)
            {
                for (place.thread = 0; place.thread < place.blockSize; place.thread++)
                    call(arguments);
            }

            return;
        }

        auto block = std::make_unique<Block>();
        block->stacks.reset(new char[shape.blockX * StackBytes]);
        block->call = call;
        block->arguments = arguments;
        running = block.get();
        for (place.thread = 0; place.thread < place.blockSize; place.thread++)
            start_fiber(block->stacks.get() + place.thread * StackBytes);
        for (place.block = 0; place.block < place.blocks; place.block++)
            run_block(*block);
        running = nullptr;
    }
}
