"""What a part takes later belongs to the whole that was made of it: who closes the whole closes it, who only made it does not."""

import os
import unittest


class Engine:
    def __init__(self):
        self.log = None

    def start(self):
        self.log = open(os.devnull)

    def stop(self):
        self.log.close()


class Car:
    def __init__(self, engine):
        self.engine = engine

    def close(self):
        self.engine.stop()


class TestDrive(unittest.TestCase):
    def make(self, car_class=Car):
        engine = Engine()
        car = car_class(engine)
        engine.start()
        self.cars.append(car)
        return car

    def setUp(self):
        self.cars = []

    def tearDown(self):
        for car in self.cars:
            car.close()

    def test_closed_by_the_teardown(self):
        self.assertEqual("", self.make().engine.log.read())

    def test_closed_by_the_test(self):
        engine = Engine()
        car = Car(engine)
        engine.start()  # ledger: file released
        car.close()
        self.assertTrue(engine.log.closed)

    def test_closed_by_nobody(self):
        engine = Engine()
        car = Car(engine)
        engine.start()  # expect: never-released
        self.assertIs(engine, car.engine)
