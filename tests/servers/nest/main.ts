// NestJS: a controller with @Sse(). It numbers the events of each connection anew.
import "reflect-metadata";
import { Body, Controller, Module, Post, Sse, type MessageEvent } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { Observable, Subject, map } from "rxjs";

@Controller()
class NoticesController {
  private readonly notices = new Subject<string>();

  @Sse("events")
  events(): Observable<MessageEvent> {
    return this.notices.pipe(map((title) => ({ data: { title } })));
  }

  @Post("publish")
  publish(@Body() words: string): string {
    const heard = this.notices.observed;
    this.notices.next(words);
    return heard ? "1" : "0";
  }
}

@Module({ controllers: [NoticesController] })
class AppModule {}

const app = await NestFactory.create(AppModule, { logger: ["error", "warn"] });
app.useBodyParser("text", { type: "*/*" });
await app.listen(Number(process.env.PORT), "127.0.0.1");
